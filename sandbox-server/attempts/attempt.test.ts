import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import type { Phase } from '../../protocol/state.ts';
import { startTestServer } from '../testing/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-attempt-'));
after(() => rmSync(folder, { recursive: true }));

const isEnded = ({ phase }: { phase: Phase }) => phase.kind === 'ended';
const nothing = () => new Promise(setImmediate);

describe('an attempt', () => {
  it('is the same one for every page of a learner, and another for another learner', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    const [one, two] = [await browser.open(), await browser.open()];
    const other = await server.browser().open();
    const ids = await Promise.all([one, two, other].map(async (page) => (await page.running()).sandbox?.id));
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], ids[2]);
    one.type('alice', 'echo sha""red\r');
    await two.shows('alice', /^shared\r$/m);
    assert.equal((await one.message('inputAck')).offset, 'echo sha""red\r'.length);
  });

  it('reset gets a fresh sandbox of the next epoch; what was earned stays, frames of the old one are dropped', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    const before = await page.running();
    page.type('alice', 'touch /mark\r');
    await page.stateWhere(({ steps }) => steps[0]?.earned === true);
    page.send({ type: 'reset' });
    const state = await page.stateWhere(({ sandbox }) => sandbox !== null && sandbox.id !== before.sandbox?.id);
    assert.equal(state.sandbox?.epoch, (before.sandbox?.epoch ?? 0) + 1);
    assert.deepEqual([state.steps[0]?.earned, state.steps[0]?.checks[0]?.status], [true, 'pending']);
    assert.equal(state.terminals[0]?.input, 0);
    page.sendInput('alice', 0, Buffer.from('echo st""ale\r'), before.sandbox?.epoch);
    page.send({ type: 'ack', epoch: before.sandbox?.epoch ?? 0, terminal: 'alice', offset: 1_000_000 });
    page.type('alice', 'cat /mark; echo fr""esh\r');
    await page.shows('alice', /^fresh\r$/m);
    assert.match(page.text('alice'), /cat: \/mark: No such file/);
    assert.doesNotMatch(page.text('alice'), /^stale/m);
    assert.equal(page.fault, undefined);
    assert.equal(server.driver.machines.size, 1);
  });

  it('rests when its last page has gone and nothing works, and is there again, every key of it, for the next', async () => {
    await using server = await startTestServer({ config: { pauseAfterMs: 1 } });
    const browser = server.browser();
    const page = await browser.open();
    await page.running();
    const [machine] = server.driver.machines;
    await page.close();
    assert.ok(machine);
    await machine.paused;
    const back = await browser.open({ resume: page.resume });
    await back.running();
    assert.equal(machine.isPaused, false);
    await machine.pause();
    back.type('alice', 'echo wo""ken\r');
    await back.shows('alice', /^woken\r$/m);
    assert.equal(machine.isPaused, false);
  });

  it('gets what the pool has, kept like any other, and room that the pool had', async () => {
    await using server = await startTestServer({ config: { poolMax: 1, maxSandboxes: 2 } });
    const forkedAhead = server.driver.forked(1);
    const first = server.browser();
    const page = await first.open();
    await page.running();
    const ready = await forkedAhead;
    await ready.paused;
    const second = await server.browser().open();
    const state = await second.running();
    assert.equal(ready.id, `${state.sandbox?.id}-0`);
    second.type('alice', 'touch /mark; echo mi""ne\r');
    await second.shows('alice', /^mine\r$/m);
    await second.stateWhere(({ steps }) => steps[0]?.earned === true);
    assert.equal(server.driver.machines.size, 2);
    const third = await server.browser().open();
    assert.equal((await third.stateWhere(({ phase }) => phase.kind === 'queued')).phase.kind, 'queued');
  });

  it('may be reset so often and no more', async () => {
    await using server = await startTestServer({ config: { resetsPerMinute: 1 } });
    const page = await server.browser().open();
    const { sandbox } = await page.running();
    page.send({ type: 'reset' });
    await page.stateWhere((state) => state.phase.kind === 'running' && state.sandbox?.id !== sandbox?.id);
    page.send({ type: 'reset' });
    assert.equal((await page.message('error')).error.code, 'reset-too-often');
  });

  it('stopped frees its machine at once and starts again on reset', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.running();
    page.send({ type: 'stop' });
    const { phase, terminals } = await page.stateWhere(isEnded);
    assert.deepEqual([phase, terminals], [{ kind: 'ended', reason: 'stopped' }, []]);
    assert.equal(server.driver.machines.size, 0);
    page.send({ type: 'check', step: 'mark' });
    assert.equal((await page.message('error')).error.code, 'no-machine');
    page.send({ type: 'reset' });
    await page.running();
  });

  it('extended lives longer, up to the maximum', async () => {
    const minute = 60_000;
    const config = { sandboxLifetimeMs: minute, extensionMs: minute, sandboxMaxLifetimeMs: 1.5 * minute };
    await using server = await startTestServer({ config });
    const page = await server.browser().open();
    assert.equal((await page.running()).sandbox?.extensionMs, 0.5 * minute);
    page.send({ type: 'extend' });
    const { sandbox } = await page.stateWhere((state) => state.sandbox?.extensionMs === 0);
    assert.ok((sandbox?.remainingMs ?? 0) > minute);
    page.send({ type: 'extend' });
    assert.equal((await page.message('error')).error.code, 'extend-maximum');
  });

  it('is told when its machine dies, and has a fresh one a click later', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.running();
    for (const machine of server.driver.machines) machine.kill();
    const { phase } = await page.stateWhere(isEnded);
    assert.deepEqual(phase, { kind: 'ended', reason: 'lost' });
    page.send({ type: 'reset' });
    await page.running();
  });

  it('whose machine cannot be made says so without a word of why, and tries again on reset', async () => {
    let isBroken = true;
    const beforeFork = async () => {
      if (isBroken) throw new Error('qemu: cannot allocate memory');
    };
    await using server = await startTestServer({ driver: { beforeFork } });
    const page = await server.browser().open();
    const { phase } = await page.stateWhere(isEnded);
    assert.deepEqual(phase, { kind: 'ended', reason: 'failed' });
    assert.equal((await page.message('error')).error.code, 'start-failed');
    assert.equal(JSON.stringify(page.messages).includes('qemu'), false);
    isBroken = false;
    page.send({ type: 'reset' });
    await page.running();
  });

  it('goes on, and ends its machine, while nothing can be stored', async () => {
    const stateFolder = join(folder, 'full');
    const lines: string[] = [];
    await using server = await startTestServer({ stateFolder, onLog: (line) => lines.push(line) });
    const page = await server.browser().open();
    const { sandbox } = await page.running();
    using disk = new DatabaseSync(join(stateFolder, 'drydock.sqlite'));
    for (const table of ['attempts', 'earned', 'help']) {
      for (const change of ['INSERT', 'UPDATE']) {
        const full = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
        disk.exec(`CREATE TRIGGER ${table}_${change} BEFORE ${change} ON ${table} ${full}`);
      }
    }
    page.type('alice', 'touch /mark\r');
    await page.stateWhere(({ steps }) => steps[0]?.earned === true);
    page.send({ type: 'reset' });
    await page.stateWhere((state) => state.phase.kind === 'running' && state.sandbox?.id !== sandbox?.id);
    for (const machine of server.driver.machines) machine.kill();
    await page.stateWhere(isEnded);
    assert.equal(server.driver.machines.size, 0);
    assert.ok(lines.some((line) => line.includes('the store could not be written: is its disk full?')));
  });

  it('of somebody new is refused with words of its own while nothing can be stored; the others notice nothing', async () => {
    const stateFolder = join(folder, 'full-for-newcomers');
    const lines: string[] = [];
    await using server = await startTestServer({ stateFolder, onLog: (line) => lines.push(line) });
    const known = server.browser();
    const page = await known.open();
    const before = await page.running();
    using disk = new DatabaseSync(join(stateFolder, 'drydock.sqlite'));
    for (const table of ['learners', 'attempts', 'sandboxes']) {
      for (const change of ['INSERT', 'UPDATE']) {
        const full = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
        disk.exec(`CREATE TRIGGER ${table}_${change} BEFORE ${change} ON ${table} ${full}`);
      }
    }
    const refused = await server.browser().post();
    const { error } = (await refused.json()) as { error: { code: string; message: { en: string } } };
    assert.deepEqual([refused.status, error.code], [503, 'cannot-keep']);
    const line = lines.find((each) => each.includes('the store could not be written: is its disk full?')) ?? '';
    assert.match(JSON.parse(line).err.message, new RegExp(`${stateFolder}.*\\d+ MiB are free`));
    const again = await known.open();
    assert.equal((await again.running()).sandbox?.id, before.sandbox?.id);
    again.send({ type: 'reset' });
    await again.stateWhere((state) => state.phase.kind === 'running' && state.sandbox?.id !== before.sandbox?.id);
  });

  it('stopped while its machine is being made leaves none', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const beforeFork = async () => {
      ask();
      await gate;
    };
    await using server = await startTestServer({ driver: { beforeFork }, config: { maxSandboxes: 1 } });
    const page = await server.browser().open();
    await asked;
    page.send({ type: 'stop' });
    await page.stateWhere(isEnded);
    open();
    const next = await server.browser().open();
    await next.running();
    assert.equal(server.driver.machines.size, 1);
  });

  it('waits for room with a place that moves, first come, first served', async () => {
    await using server = await startTestServer({ config: { maxSandboxes: 1 } });
    const first = await server.browser().open();
    await first.running();
    const second = await server.browser().open();
    assert.deepEqual((await second.stateWhere(({ phase }) => phase.kind === 'queued')).phase, {
      ...{ kind: 'queued', place: 1, waiting: 1, reason: 'places' },
    });
    const third = await server.browser().open();
    await third.stateWhere(({ phase }) => phase.kind === 'queued' && phase.place === 2);
    await second.stateWhere(({ phase }) => phase.kind === 'queued' && phase.waiting === 2);
    first.send({ type: 'stop' });
    await second.running();
    await third.stateWhere(({ phase }) => phase.kind === 'queued' && phase.place === 1);
    second.send({ type: 'reset' });
    await second.stateWhere(({ sandbox }) => sandbox?.epoch === 2);
    assert.equal(third.state?.phase.kind, 'queued', 'a reset keeps its own room');
    for (const machine of server.driver.machines) machine.kill();
    await third.running();
  });

  it('waits while the disk has no room for what its machine may write, is told so, and starts when there is', async () => {
    const disk = { freeBytes: 1, machineBytes: 2 };
    await using server = await startTestServer({ driver: { disk: () => disk } });
    const page = await server.browser().open();
    const { phase } = await page.stateWhere(({ phase }) => phase.kind === 'queued');
    assert.deepEqual(phase, { kind: 'queued', place: 1, waiting: 1, reason: 'disk' });
    disk.freeBytes = 2;
    await page.running();
  });

  it('that nobody looks at any more gives up its place in the queue', async () => {
    await using server = await startTestServer({ config: { maxSandboxes: 1, queueGraceMs: 0 } });
    const first = await server.browser().open();
    await first.running();
    const second = await server.browser().open();
    await second.stateWhere(({ phase }) => phase.kind === 'queued');
    const third = await server.browser().open();
    await third.stateWhere(({ phase }) => phase.kind === 'queued' && phase.place === 2);
    await second.close();
    await third.stateWhere(({ phase }) => phase.kind === 'queued' && phase.place === 1);
  });

  it('ends at its deadline', async () => {
    await using server = await startTestServer({ config: { sandboxLifetimeMs: 1, sandboxMaxLifetimeMs: 1 } });
    const page = await server.browser().open();
    const { phase } = await page.stateWhere(isEnded);
    assert.deepEqual(phase, { kind: 'ended', reason: 'expired' });
    while (server.driver.machines.size > 0) await nothing();
  });

  it('that no page is connected to ends after a while, and says so to the page that comes back', async () => {
    await using server = await startTestServer({ config: { idleMs: 0 } });
    const browser = server.browser();
    const page = await browser.open();
    await page.running();
    await page.close();
    const [machine] = server.driver.machines;
    await machine?.ended;
    const late = await browser.open({ resume: page.resume });
    assert.deepEqual((await late.stateWhere(isEnded)).phase, { kind: 'ended', reason: 'expired' });
  });

  it('of whatever stage leaves no machine when the server stops', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    let forks = 0;
    const beforeFork = async () => {
      forks += 1;
      if (forks > 1) await gate;
    };
    await using server = await startTestServer({ driver: { beforeFork }, config: { maxSandboxes: 2 } });
    const running = await server.browser().open();
    await running.running();
    const starting = await server.browser().open();
    await starting.stateWhere(({ phase }) => phase.kind === 'starting');
    const queued = await server.browser().open();
    await queued.stateWhere(({ phase }) => phase.kind === 'queued');
    const stopped = server.server[Symbol.asyncDispose]();
    await Promise.all([running.closed, starting.closed, queued.closed]);
    open();
    await stopped;
    assert.equal(server.driver.machines.size, 0);
    assert.equal(forks, 2);
  });

  it('keeps what was earned when the server is restarted, and gives no epoch a second time', async () => {
    const stateFolder = join(folder, 'restart');
    let cookie: string | undefined;
    {
      await using server = await startTestServer({ stateFolder });
      const browser = server.browser();
      const page = await browser.open();
      await page.running();
      page.type('alice', 'touch /mark\r');
      await page.stateWhere(({ steps }) => steps[0]?.earned === true);
      cookie = browser.cookie?.split('=')[1];
    }
    await using server = await startTestServer({ stateFolder });
    const browser = server.browser();
    browser.cookie = `drydock-${server.port}=${cookie}`;
    const page = await browser.open();
    const state = await page.running();
    assert.equal(state.steps[0]?.earned, true);
    assert.ok((state.sandbox?.epoch ?? 0) > 1);
  });
});
