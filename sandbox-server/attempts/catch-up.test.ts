import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { AttemptState } from '../../protocol/state.ts';
import { startTestServer } from '../testing/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-catch-up-'));
after(() => rmSync(folder, { recursive: true }));

const step = (state: AttemptState, id: string) => state.steps.find((one) => one.id === id);
const isNewAfter = (before: AttemptState) => (state: AttemptState) =>
  state.phase.kind === 'running' && state.sandbox?.id !== before.sandbox?.id;

/** A bake that ends when it is told to, and says when it was asked for. */
function heldBake() {
  const asked = Promise.withResolvers<void>();
  const baked = Promise.withResolvers<void>();
  const bake = () => {
    asked.resolve();
    return baked.promise;
  };
  return { bake, asked: asked.promise, finish: baked.resolve, fail: baked.reject };
}

describe('starting at a step', () => {
  it('gives a machine in which the steps before are done, and earns none of them', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    const before = await page.running();
    page.send({ type: 'reset', step: 'last' });
    const state = await page.stateWhere(isNewAfter(before));
    assert.deepEqual(
      state.steps.map(({ id, earned, prepared }) => [id, earned, prepared]),
      [
        ['mark', false, true],
        ['door', false, true],
        ['extra', false, false],
        ['last', false, false],
      ],
    );
    assert.equal(step(state, 'mark')?.checks[0]?.status, 'passed');
    page.type('alice', 'cat /mark; cat /extra; touch /last\r');
    const later = await page.stateWhere((now) => step(now, 'last')?.earned === true);
    assert.match(page.text('alice'), /cat: \/extra: No such file/);
    assert.doesNotMatch(page.text('alice'), /cat: \/mark: No such file/);
    assert.deepEqual([step(later, 'mark')?.earned, step(later, 'door')?.earned], [false, false]);
    page.send({ type: 'check', step: 'mark' });
    page.type('alice', 'rm /mark\r');
    const lapsed = await page.stateWhere((now) => step(now, 'mark')?.checks[0]?.status === 'lapsed');
    assert.equal(step(lapsed, 'mark')?.earned, false);
    page.type('alice', 'touch /mark\r');
    const again = await page.stateWhere((now) => step(now, 'mark')?.checks[0]?.status === 'passed');
    assert.equal(step(again, 'mark')?.earned, false, 'what was done for somebody is not earned by mending it');
  });

  it('keeps what was earned, and a plain reset begins at the beginning again', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    const first = await page.running();
    page.type('alice', 'touch /mark\r');
    await page.stateWhere((state) => step(state, 'mark')?.earned === true);
    page.send({ type: 'reset', step: 'last' });
    const second = await page.stateWhere(isNewAfter(first));
    assert.deepEqual([step(second, 'mark')?.earned, step(second, 'mark')?.prepared], [true, true]);
    page.send({ type: 'reset' });
    const third = await page.stateWhere(isNewAfter(second));
    assert.ok(third.steps.every(({ prepared }) => !prepared));
    page.type('alice', 'cat /mark\r');
    await page.shows('alice', /cat: \/mark: No such file/);
  });

  it('tells that a machine is being prepared, and for how long usually; the old one goes on until then', async () => {
    const { bake, finish } = heldBake();
    await using server = await startTestServer({ templates: { bake, usualWaitMs: 15_000 } });
    const page = await server.browser().open();
    const before = await page.running();
    page.send({ type: 'reset', step: 'last' });
    const waiting = await page.stateWhere(({ preparing }) => preparing !== null);
    assert.deepEqual(waiting.preparing, { step: 'last', usualMs: 15_000 });
    assert.equal(waiting.sandbox?.id, before.sandbox?.id);
    page.type('alice', 'echo st""ill\r');
    await page.shows('alice', /^still\r$/m);
    finish();
    const state = await page.stateWhere(isNewAfter(before));
    assert.equal(state.preparing, null);
    assert.equal(server.driver.machines.size, 1);
  });

  it('that cannot be prepared says so, and leaves the machine there is as it was', async () => {
    const { bake, fail } = heldBake();
    await using server = await startTestServer({ templates: { bake, usualWaitMs: 15_000 } });
    const page = await server.browser().open();
    const before = await page.running();
    page.send({ type: 'reset', step: 'last' });
    await page.stateWhere(({ preparing }) => preparing !== null);
    fail(new Error('qemu: no space left on device'));
    assert.equal((await page.message('error')).error.code, 'checkpoint-failed');
    const after = await page.stateWhere(({ preparing }) => preparing === null);
    assert.deepEqual([after.phase.kind, after.sandbox?.id], ['running', before.sandbox?.id]);
    assert.equal(JSON.stringify(page.messages).includes('qemu'), false);
  });

  it('is refused while somebody waits for room, or there is none, and leaves the machine there is as it was', async () => {
    const { bake, finish } = heldBake();
    const disk = { freeBytes: 2, machineBytes: 2 };
    const templates = { bake, usualWaitMs: 15_000 };
    await using server = await startTestServer({
      templates,
      driver: { disk: () => disk },
      config: { maxSandboxes: 1 },
    });
    const page = await server.browser().open();
    const before = await page.running();
    disk.freeBytes = 1;
    page.send({ type: 'reset', step: 'last' });
    assert.equal((await page.message('error')).error.code, 'checkpoint-no-room');
    disk.freeBytes = 2;
    page.messages.length = 0;
    const waiting = await server.browser().open();
    await waiting.stateWhere(({ phase }) => phase.kind === 'queued');
    page.send({ type: 'reset', step: 'last' });
    assert.equal((await page.message('error')).error.code, 'checkpoint-no-room');
    assert.deepEqual([page.state?.preparing, page.state?.sandbox?.id], [null, before.sandbox?.id]);
    waiting.send({ type: 'stop' });
    await waiting.stateWhere(({ phase }) => phase.kind === 'ended');
    page.send({ type: 'reset', step: 'last' });
    await page.stateWhere(({ preparing }) => preparing !== null);
    finish();
    await page.stateWhere(isNewAfter(before));
  });

  it('has them prepared one at a time, and the same one for all who want it once', async () => {
    const underWay: string[] = [];
    const asked: (() => void)[] = [];
    const made = new Set<string>();
    const bake = async (_lab: unknown, step: string) => {
      if (made.has(step)) return;
      underWay.push(step);
      await new Promise<void>((resolve) => asked.push(resolve));
      made.add(step);
    };
    const templates = { bake, usualWaitMs: (_lab: unknown, step: string) => (made.has(step) ? 0 : 15_000) };
    await using server = await startTestServer({ templates });
    const pages = await Promise.all([1, 2, 3].map(() => server.browser().open()));
    const befores = await Promise.all(pages.map((page) => page.running()));
    for (const [index, step] of ['door', 'door', 'last'].entries()) {
      pages[index]?.send({ type: 'reset', step });
      await pages[index]?.stateWhere(({ preparing }) => preparing?.step === step);
    }
    assert.deepEqual(underWay, ['door']);
    asked[0]?.();
    for (const index of [0, 1]) await pages[index]?.stateWhere(isNewAfter(befores[index]!));
    assert.deepEqual(underWay, ['door', 'last']);
    asked[1]?.();
    await pages[2]?.stateWhere(isNewAfter(befores[2]!));
  });

  it('is given up for another wish: the last one counts', async () => {
    const { bake, asked, finish } = heldBake();
    await using server = await startTestServer({ templates: { bake, usualWaitMs: 15_000 } });
    const page = await server.browser().open();
    const before = await page.running();
    page.send({ type: 'reset', step: 'last' });
    await asked;
    page.send({ type: 'reset' });
    const fresh = await page.stateWhere(isNewAfter(before));
    assert.equal(fresh.preparing, null);
    finish();
    page.type('alice', 'echo set""tled\r');
    await page.shows('alice', /^settled\r$/m);
    assert.equal(page.state?.sandbox?.id, fresh.sandbox?.id);
  });

  it('also starts a machine where there is none any more', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    const before = await page.running();
    page.send({ type: 'stop' });
    await page.stateWhere(({ phase }) => phase.kind === 'ended');
    page.send({ type: 'reset', step: 'last' });
    assert.equal(step(await page.stateWhere(isNewAfter(before)), 'mark')?.prepared, true);
  });

  it('is refused for a step that the lab does not have, and counts as a reset', async () => {
    await using server = await startTestServer({ config: { resetsPerMinute: 1 } });
    const page = await server.browser().open();
    const before = await page.running();
    page.send({ type: 'reset', step: 'no-such-step' });
    assert.equal((await page.message('error')).error.code, 'step-unknown');
    page.send({ type: 'reset', step: 'last' });
    await page.stateWhere(isNewAfter(before));
    page.messages.length = 0;
    page.send({ type: 'reset', step: 'last' });
    assert.equal((await page.message('error')).error.code, 'reset-too-often');
  });

  it('that waits when the server stops leaves no machine', async () => {
    const { bake, asked, finish } = heldBake();
    await using server = await startTestServer({ templates: { bake, usualWaitMs: 15_000 } });
    const page = await server.browser().open();
    await page.running();
    page.send({ type: 'reset', step: 'last' });
    await asked;
    await server.server[Symbol.asyncDispose]();
    finish();
    await new Promise(setImmediate);
    assert.equal(server.driver.machines.size, 0);
  });
});
