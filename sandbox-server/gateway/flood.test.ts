import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Lab } from '../../labs/format/lab.ts';
import { readConfig } from '../config.ts';
import { startServer } from '../server.ts';
import { GuestProcess, guestDriver } from '../testing/flood/guest-process.ts';
import type { PageFlood } from '../testing/flood/page.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import type { TestPage } from '../testing/test-page.ts';

const [HOST] = TEST_LAB.machines;
/** One machine, one terminal. */
const LAB: Lab = { ...TEST_LAB, machines: [{ ...HOST!, terminals: [{ id: 'alice', user: 'alice' }] }] };

/** Samples of each half in one round: 200. */
const BLOCKS = 8;
const KEYS_PER_BLOCK = 25;
/** What else this computer does may spoil a round; a flood that matters spoils every one. */
const ROUNDS = 3;
const SLOW_READERS = 200;

/** Somebody who works while others flood, and one who floods. */
async function startScene(env: NodeJS.ProcessEnv = {}) {
  const stack = new AsyncDisposableStack();
  const neighbour = stack.use(await GuestProcess.start({ niceness: 0 }));
  const flooder = stack.use(await GuestProcess.start({ niceness: 10 }));
  const server = stack.use(
    await startServer({
      ...{
        config: readConfig({ PORT: '0', MAX_SANDBOXES: '300', ...env }),
        log: QUIET_LOG,
        driver: guestDriver([neighbour, flooder]),
      },
      templates: { forLab: async () => new Map([['host', { key: 'none', folder: '' }]]), usualWaitMs: async () => 0 },
      labs: new Map([[LAB.id, LAB]]),
      ...{ siteFolder: join(import.meta.dirname, 'no-site'), stateFolder: ':memory:' },
    }),
  );
  const { origin } = server;
  const page = await new TestBrowser({ origin, lab: LAB.id }).open();
  await page.running();
  return { origin, page, flooder, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Somebody's pages, in a process of their own. */
class PageProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  static async start(origin: string, program = 'page.ts', ...more: readonly string[]): Promise<PageProcess> {
    const path = join(import.meta.dirname, '../testing/flood', program);
    const child = fork(path, [origin, LAB.id, ...more], { execArgv: [] });
    await once(child, 'message');
    return new PageProcess(child);
  }

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  async flood(wanted: PageFlood | null): Promise<void> {
    this.#child.send(wanted as string);
    await once(this.#child, 'message');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

async function key(page: TestPage): Promise<number> {
  const end = page.end('alice') + 1;
  const startedAt = performance.now();
  page.type('alice', 'k');
  await page.until(() => page.end('alice') >= end);
  return performance.now() - startedAt;
}

async function keys(page: TestPage, count: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) times.push(await key(page));
  return times;
}

/** Echo times with and without the flood, in turns, so that what else this computer does is in both. */
async function interleave(page: TestPage, setFlood: (isOn: boolean) => Promise<void>) {
  const times = { quiet: [] as number[], flooded: [] as number[] };
  for (let block = 0; block < 2 * BLOCKS; block += 1) {
    const isOn = block % 2 === 1;
    await setFlood(isOn);
    // What the other half left under way is through.
    for (let warm = 0; warm < 3; warm += 1) await key(page);
    for (let count = 0; count < KEYS_PER_BLOCK; count += 1) times[isOn ? 'flooded' : 'quiet'].push(await key(page));
  }
  return { quiet: p95(times.quiet), flooded: p95(times.flooded) };
}

const p95 = (samples: number[]) => samples.sort((a, b) => a - b)[Math.ceil(0.95 * samples.length) - 1] ?? 0;

/** The least that a flood did in any round, as a factor on the 95th percentile. */
async function leastFactor(round: () => Promise<{ quiet: number; flooded: number }>): Promise<number> {
  const factors: number[] = [];
  while (factors.length < ROUNDS && !factors.some((factor) => factor <= 2)) {
    const { quiet, flooded } = await round();
    factors.push(flooded / quiet);
  }
  return Math.min(...factors);
}

async function assertUnmoved(page: TestPage, setFlood: (isOn: boolean) => Promise<void>): Promise<void> {
  const factor = await leastFactor(() => interleave(page, setFlood));
  assert.ok(factor <= 2, `p95 became ${factor.toFixed(1)} times what it was, in the best of ${ROUNDS} rounds`);
}

describe("a neighbour's echo keeps its pace (p95, within twice) while", () => {
  for (const flood of ['output', 'crumbs', 'empty frames', 'messages'] as const) {
    it(`another guest floods its ports with ${flood}`, async () => {
      await using scene = await startScene();
      await using _looker = await PageProcess.start(scene.origin);
      await assertUnmoved(scene.page, (isOn) => scene.flooder.flood(isOn ? flood : null));
    });
  }

  for (const flood of ['messages', 'upgrades'] as const) {
    it(`another page floods the server with ${flood}`, async () => {
      await using scene = await startScene();
      await using pages = await PageProcess.start(scene.origin);
      await assertUnmoved(scene.page, (isOn) => pages.flood(isOn ? flood : null));
    });
  }

  it(`${SLOW_READERS} pages flood a machine of their own each and read nothing`, async () => {
    await using scene = await startScene({ REQUESTS_PER_MINUTE: '100000', SANDBOXES_PER_ADDRESS: '1000' });
    const round = async () => {
      const before = await keys(scene.page, 125);
      const readers = await PageProcess.start(scene.origin, 'slow-readers.ts', String(SLOW_READERS));
      const flooded = await keys(scene.page, 250);
      await readers[Symbol.asyncDispose]();
      return { quiet: p95([...before, ...(await keys(scene.page, 125))]), flooded: p95(flooded) };
    };
    assert.ok((await leastFactor(round)) <= 2);
  });

  it('another guest prints what is dear to keep a copy of, in a terminal of the largest size', async () => {
    const round = async () => {
      await using scene = await startScene();
      const quiet = await keys(scene.page, 125);
      await using _looker = await PageProcess.start(scene.origin);
      await scene.flooder.flood('dear output');
      // It goes on: what is there to be parsed takes minutes.
      return { quiet: p95(quiet), flooded: p95(await keys(scene.page, 250)) };
    };
    assert.ok((await leastFactor(round)) <= 2);
  });

  it('and it would be seen if it did not: something that holds up the event loop moves it', async () => {
    await using scene = await startScene();
    let burner: NodeJS.Timeout | undefined;
    const burn = () => {
      for (const until = performance.now() + 15; performance.now() < until; );
    };
    const factor = await leastFactor(() =>
      interleave(scene.page, async (isOn) => {
        clearInterval(burner);
        burner = isOn ? setInterval(burn, 20) : undefined;
      }),
    );
    clearInterval(burner);
    assert.ok(factor > 2, `${factor}`);
  });
});
