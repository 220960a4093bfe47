import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SpareServer } from '../cli/serve/spare-server.ts';
import type { AttemptState, CheckState } from '../protocol/state.ts';
import type { EndReason, Impairment } from '../protocol/troubles.ts';
import { endMachines } from '../sandbox-server/machines/local/run-folder.ts';
import { TestBrowser } from '../sandbox-server/testing/test-browser.ts';
import type { TestPage } from '../sandbox-server/testing/test-page.ts';

const LAB = 'docker-group';
/** Its lines are asked of a machine of any kind; one of them needs `find`. */
const STEP = 'close-the-door';
const BACK_DOOR = 'no-back-door';

const agent = (signals: string) =>
  `sudo sh -c 'p=$(systemctl show --property MainPID --value drydock-agent); ${signals}'`;
const on = (kind: Impairment['kind'], what: string | null = null): Impairment => ({ machine: 'host', kind, what });

interface Breakage {
  readonly typed: string;
  readonly found: Impairment;
  /** Puts it right again; null: nothing can, or it comes right by itself. */
  readonly undo: string | null;
  readonly comesRight: boolean;
}

const BREAKAGES: readonly Breakage[] = [
  { typed: 'sudo rm -rf /usr', found: on('system'), undo: null, comesRight: false },
  { typed: 'sudo rm -rf /etc', found: on('system'), undo: null, comesRight: false },
  {
    ...{ typed: "sudo sh -c 'cat /dev/zero > /run/fill'", found: on('full', '/run') },
    ...{ undo: 'sudo rm /run/fill', comesRight: true },
  },
  {
    ...{ typed: 'sudo mv /usr/bin/find /usr/local/find', found: on('tool', 'find') },
    ...{ undo: 'sudo mv /usr/local/find /usr/bin/find', comesRight: true },
  },
  {
    ...{ typed: agent('kill -STOP $p; sleep 60; kill -CONT $p'), found: on('silent') },
    ...{ undo: null, comesRight: true },
  },
];

const ENDS: readonly { readonly typed: string; readonly reason: EndReason }[] = [
  { typed: 'sudo poweroff', reason: 'shut-down' },
  { typed: 'sudo reboot', reason: 'restarted' },
  { typed: "sudo sh -c 'echo c > /proc/sysrq-trigger'", reason: 'kernel' },
  { typed: agent('kill -9 $p'), reason: 'agent' },
  { typed: 'sudo systemctl stop drydock-agent', reason: 'agent' },
];

/** What keeps a machine busy, but does not break it. */
const BUSY = [
  'yes > /dev/null',
  'for i in 1 2 3; do docker run --rm local/busybox true; done; echo do""ne',
  'dd if=/dev/zero of=big bs=1M count=100 && rm big; echo do""ne',
];
/** A line that one look at a file answers. */
const CHEAP = ['look', 'asked-by-hand'] as const;
const ROUNDS = 3;

const line = ({ steps }: AttemptState, step: string, check: string): CheckState | undefined =>
  steps.find(({ id }) => id === step)?.checks.find(({ id }) => id === check);

/** Each takes minutes where machines are emulated, and has not been seen to end beside other work. */
const NOT_ASKED_FOR = process.env.BUSY_MACHINES ? false : 'it takes minutes: BUSY_MACHINES=1 asks for it';

describe('a machine', { concurrency: 1 }, () => {
  let server: SpareServer;
  before(async () => {
    server = await SpareServer.start({ name: 'broken' });
  });
  after(() => server[Symbol.asyncDispose]());

  async function openPage(onState: (state: AttemptState) => void = () => {}): Promise<TestPage> {
    const browser = new TestBrowser({ origin: server.origin, lab: LAB });
    const page = await browser.open({
      onMessage: (_page, message) => message.type === 'state' && onState(message.state),
    });
    await page.running();
    await page.shows('olga', /\$ /);
    return page;
  }

  async function end(page: TestPage): Promise<void> {
    page.send({ type: 'stop' });
    await page.stateWhere(({ phase }) => phase.kind === 'ended');
    await page.close();
  }

  it('that is broken is said to be so, and how, until it comes right; Reset gives a fresh one', async () => {
    await Promise.all(
      BREAKAGES.map(async ({ typed, found, undo, comesRight }) => {
        const page = await openPage();
        const { sandbox } = await page.running();
        page.type('olga', `${typed}\r`);
        const broken = await page.stateWhere(({ impairments }) => impairments.length > 0);
        assert.deepEqual(broken.impairments, [found], typed);
        assert.deepEqual(broken.phase, { kind: 'running' });
        if (found.kind === 'system' || found.kind === 'tool') {
          page.send({ type: 'check', step: STEP });
          const asked = await page.stateWhere((state) => line(state, STEP, BACK_DOOR)?.obstacle !== undefined);
          const { status, report, obstacle } = line(asked, STEP, BACK_DOOR) ?? {};
          assert.deepEqual([status, report, obstacle], ['errored', null, found.kind], typed);
        }
        if (undo !== null) page.type('olga', `${undo}\r`);
        if (comesRight) await page.stateWhere(({ impairments }) => impairments.length === 0);
        page.send({ type: 'reset' });
        const fresh = await page.stateWhere(
          (state) => state.phase.kind === 'running' && state.sandbox?.id !== sandbox?.id,
        );
        assert.deepEqual(fresh.impairments, []);
        await page.shows('olga', /\$ /);
        await end(page);
      }),
    );
  });

  it('that ends by itself is said to have ended of what it ended of', async () => {
    await Promise.all(
      ENDS.map(async ({ typed, reason }) => {
        const page = await openPage();
        page.type('olga', `${typed}\r`);
        const { phase } = await page.stateWhere((state) => state.phase.kind === 'ended');
        assert.deepEqual(phase, { kind: 'ended', reason }, typed);
        page.send({ type: 'reset' });
        await page.running();
        await end(page);
      }),
    );
  });

  it('whose process is ended by somebody else was lost', async () => {
    const page = await openPage();
    const { sandbox } = await page.running();
    const isMeant = (id: string) => id.startsWith(`${sandbox?.id}-`);
    assert.equal(await endMachines({ stateFolder: join(server.stateFolder, 'drydock'), isMeant }), 1);
    const { phase } = await page.stateWhere((state) => state.phase.kind === 'ended');
    assert.deepEqual(phase, { kind: 'ended', reason: 'lost' });
    await page.close();
  });

  // One after the other: that they are busy is to be their own doing.
  for (const typed of BUSY) {
    it(`that is merely busy is never said to be more than that: ${typed}`, { skip: NOT_ASKED_FOR }, async (context) => {
      const said: Impairment[] = [];
      const statuses: (CheckState['status'] | undefined)[] = [];
      const page = await openPage((state) => {
        said.push(...state.impairments);
        statuses.push(line(state, ...CHEAP)?.status);
      });
      context.after(() => end(page));
      page.type('olga', `${typed}\r`);
      // Asked while it is at it, again and again: the look after the command takes its turn among these.
      for (let round = 1; round <= ROUNDS; round += 1) {
        const before = statuses.length;
        page.send({ type: 'check', step: CHEAP[0] });
        await page.until(() => statuses.includes('running', before) && statuses.at(-1) !== 'running');
      }
      if (typed.endsWith('echo do""ne')) await page.shows('olga', /done\r/);
      // Under emulation a loop may leave so little that "too busy" is the truth.
      assert.deepEqual(
        said.filter(({ kind }) => kind !== 'busy'),
        [],
      );
    });
  }
});
