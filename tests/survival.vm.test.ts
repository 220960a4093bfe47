import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { SpareServer } from '../cli/serve/spare-server.ts';
import { listMachines } from '../sandbox-server/machines/local/run-folder.ts';
import { TestBrowser } from '../sandbox-server/testing/test-browser.ts';

/** How often the server is killed. `SURVIVAL_KILLS=50 node --test tests/survival.vm.test.ts` is the long form. */
const KILLS = Number(process.env.SURVIVAL_KILLS || 8);
/** A kill comes at any moment of this long: when, is the point of it. */
const LONGEST_MOMENT_MS = 700;
const LAB = 'docker-group';

const stateOf = (server: SpareServer) => join(server.stateFolder, 'drydock');

/** Processes that look after a machine of this server, whoever is their parent. */
function supervisorsOf(server: SpareServer): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const line = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      return line.startsWith('perl\0') && line.includes(`${stateOf(server)}/machines/`);
    } catch {
      return false;
    }
  });
}

async function untilGone(server: SpareServer): Promise<void> {
  while (supervisorsOf(server).length > 0) await delay(20);
}

// What is printed begins behind a mark of the shell's, so no line is looked for from its start.
const COUNT = 'i=0; while :; do i=$((i+1)); echo "line $i"; sleep 0.02; done\r';

describe('a server that is killed', { concurrency: 1 }, () => {
  it('at any moment loses no machine, no byte and no key, and the next one goes on', async (context) => {
    const temporary = mkdtempSync(join(tmpdir(), 'drydock-survival-'));
    context.after(() => rmSync(temporary, { recursive: true }));
    await using server = await SpareServer.start({ name: 'survival', env: { TMPDIR: temporary } });
    const browser = new TestBrowser({ origin: server.origin, lab: LAB });
    let page = await browser.open();
    const { sandbox } = await page.running();
    await page.shows('alice', /\$ /);
    await page.shows('olga', /\$ /);
    page.type('alice', COUNT);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const seen = page.end('alice');
      page.type('olga', `echo key''s-${kill}\r`);
      await delay(randomInt(LONGEST_MOMENT_MS));
      await server.crash();
      await page.closed;
      const before = page.end('alice');
      await server.startAgain();
      page = await browser.open({ continues: page });
      const { state } = await page.message('state');
      assert.equal(state.sandbox?.id, sandbox?.id);
      page.typeAgain();
      await page.until(() => page.end('alice') > Math.max(seen, before));
    }
    assert.equal(page.fault, undefined);
    assert.deepEqual([page.snapshots('alice'), page.snapshots('olga')], [0, 0], 'a page goes on where it stood');
    page.type('olga', 'echo la""st\r');
    await page.shows('olga', /last\r/);
    page.send({ type: 'stop' });
    await page.stateWhere(({ phase }) => phase.kind === 'ended');
    const lines = [...page.text('alice').matchAll(/line (\d+)\r/g)].map(([, number]) => Number(number));
    assert.ok(lines.length > KILLS);
    assert.deepEqual(
      lines,
      lines.map((_, index) => index + 1),
    );
    const applied = [...page.text('olga').matchAll(/keys-(\d+)\r/g)].map(([, number]) => Number(number));
    assert.deepEqual(
      applied,
      Array.from({ length: KILLS }, (_, index) => index + 1),
    );
    await untilGone(server);
    assert.deepEqual(await listMachines(stateOf(server)), []);
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('while it makes machines leaves none that nobody knows', async () => {
    await using server = await SpareServer.start({ name: 'survival' });
    for (let kill = 1; kill <= Math.ceil(KILLS / 2); kill += 1) {
      const browser = new TestBrowser({ origin: server.origin, lab: LAB });
      const page = await browser.open();
      await delay(randomInt(LONGEST_MOMENT_MS));
      const wasRunning = page.state?.phase.kind === 'running';
      await server.crash();
      await server.startAgain();
      const back = await browser.open({ resume: page.resume });
      const { phase } = await back.stateWhere(({ phase: { kind } }) => kind === 'running' || kind === 'ended');
      if (wasRunning) assert.equal(phase.kind, 'running');
      // Of what was half made the supervisors end by themselves.
      const expected = phase.kind === 'running' ? 1 : 0;
      while (supervisorsOf(server).length !== expected) await delay(20);
      back.send({ type: 'stop' });
      await back.stateWhere(({ phase: { kind } }) => kind === 'ended');
      await untilGone(server);
    }
  });

  it('leaves its machines to the next one when it is stopped to be replaced', async () => {
    await using server = await SpareServer.start({ name: 'survival', env: { ON_STOP: 'keep' } });
    const browser = new TestBrowser({ origin: server.origin, lab: LAB });
    const page = await browser.open();
    const { sandbox } = await page.running();
    await page.shows('alice', /\$ /);
    await server.stop();
    assert.equal((await page.closed).code, 1001);
    assert.equal(supervisorsOf(server).length, 1);
    await server.startAgain();
    const back = await browser.open({ resume: page.resume });
    assert.equal((await back.running()).sandbox?.id, sandbox?.id);
    back.type('alice', 'echo ag""ain\r');
    await back.shows('alice', /again\r/);
  });
});
