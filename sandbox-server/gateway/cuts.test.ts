import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CuttingProxy } from '../testing/cutting-proxy.ts';
import { type Mistake, RestlessTypist } from '../testing/restless-typist.ts';
import { screenState } from '../testing/screen-state.ts';
import { randomFrom } from '../testing/seeded-random.ts';
import { TerminalTruth } from '../testing/terminal-truth.ts';
import { startTestServer } from '../testing/test-server.ts';

/** `CUTS=10000 node --test sandbox-server/gateway/cuts.test.ts` is the long form. `SEED=…` brings choices back. */
const CUTS = Number(process.env.CUTS || 250);
const SEED = Number(process.env.SEED || Date.now() % 1_000_000);
const CONTROL_CUTS = 60;

/** Bytes both ways before a cut, as often below as above the geometric middle of the two: some 6 KB. */
const FEWEST_BYTES = 1;
const MOST_BYTES = 120_000;
/** Below it, hardly an HTTP request passes. */
const HANDSHAKE_BYTES = 300;

const LINES = { few: 20, many: 18_000 };
const BURSTS = 0.04;

/** Nothing is on its way any more when for so many turns of the event loop nothing was counted. */
const STILL_TURNS = 300_000;

/** Nobody limits how often somebody comes back. */
const LIMITS = {
  ...{ requestsPerMinute: 1e9, messagesPerSecond: 1e9, maxConnections: 10_000, connectionsPerAttempt: 10_000 },
};

interface Scene {
  readonly cuts: number;
  readonly seed: number;
  readonly mistake?: Mistake;
}

/** Two people who type and a machine that prints, over a network that breaks; beside them a page that stays. */
async function play({ cuts, seed, mistake }: Scene) {
  const random = randomFrom(seed);
  await using proxy = await CuttingProxy.open(() => patience(random));
  await using server = await startTestServer({ config: { ...LIMITS, publicOrigins: [proxy.origin] } });
  proxy.leadTo(server.port);
  const steady = server.browser();
  const stays = await steady.open({ copies: true, keepsText: false });
  await stays.running();
  const terminal = [...server.driver.machines][0]?.terminals[0];
  assert.ok(terminal);
  const truth = new TerminalTruth(terminal);
  const typists = (['lower', 'upper'] as const).map((alphabet) => {
    const browser = server.browser();
    Object.assign(browser, { cookie: steady.cookie, through: proxy.origin });
    return new RestlessTypist({ browser, alphabet, random, truth, ...(mistake && { mistake }) });
  });
  /** What a wait can go by: it only grows. */
  const progress = () => proxy.cuts + proxy.passed + stays.end('alice') + truth.end;
  const until = (holds: () => boolean) => waitFor(holds, { progress, fault: () => truth.fault ?? stays.fault });

  const running = typists.map((typist) => typist.run());
  try {
    for (let printed = 0; proxy.cuts < cuts; ) {
      const lines = random() < BURSTS ? LINES.many : LINES.few;
      const text = Array.from({ length: lines }, () => `\r\n\x1b[3${printed % 8}m${++printed}\x1b[m `).join('');
      const before = proxy.cuts;
      void terminal.inject(text);
      await until(() => stays.end('alice') === truth.end && proxy.cuts > before);
    }
    proxy.isCalm = true;
    for (const typist of typists) typist.isResting = true;
    const isEven = () => typists.every((typist) => typist.isEvenWith(truth.end)) && stays.end('alice') === truth.end;
    await until(isEven);
    const [one, two] = typists.map(({ page }) => page && screenState(page.copy('alice').core));
    const screens = [screenState(stays.copy('alice').core), one, two];
    const { given } = truth;
    return { typed: typists.map(({ typed }) => typed), given: [given.lower, given.upper], screens, typists, stays };
  } finally {
    for (const typist of typists) typist.leave();
    stays.socket.terminate();
    await Promise.all(running);
  }
}

function patience(random: () => number): number {
  const fewest = random() < 0.1 ? FEWEST_BYTES : HANDSHAKE_BYTES;
  return Math.floor(fewest * (MOST_BYTES / fewest) ** random());
}

interface Watch {
  progress(): number;
  fault(): string | undefined;
}

/** Turn by turn; fails at the first fault, and when nothing moves any more. */
async function waitFor(holds: () => boolean, { progress, fault }: Watch): Promise<void> {
  for (let still = 0, seen = progress(); !holds(); still += 1) {
    const wrong = fault();
    if (wrong !== undefined) throw new Error(wrong);
    if (still > STILL_TURNS) throw new Error('nothing moves any more, and something is still missing');
    await new Promise(setImmediate);
    if (progress() > seen) {
      seen = progress();
      still = 0;
    }
  }
}

describe(`two who type at once, over connections that are cut at any byte (SEED=${SEED})`, () => {
  it(`lose no key, double none, and get every byte of output once: ${CUTS} cuts`, async (context) => {
    const { typed, given, screens, typists, stays } = await play({ cuts: CUTS, seed: SEED });
    assert.deepEqual(given, typed);
    for (const screen of screens) assert.deepEqual(screen, screens[0]);
    assert.equal(stays.snapshots('alice'), 0, 'the page that stays saw every byte');
    const sum = (count: (typist: RestlessTypist) => number) => typists.reduce((total, each) => total + count(each), 0);
    const seen = {
      visits: sum(({ visits }) => visits),
      keys: sum((typist) => typist.typed),
      keysSentAgain: sum(({ sentAgain }) => sentAgain),
      snapshots: sum(({ page }) => page?.snapshots('alice') ?? 0),
      halfSnapshots: sum(({ halves }) => halves),
      output: stays.end('alice'),
    };
    context.diagnostic(JSON.stringify(seen));
    // All of it has happened: cuts in handshakes, in input, in output, in snapshots.
    assert.ok(seen.visits > CUTS / 10 && seen.visits < CUTS);
    for (const count of Object.values(seen)) assert.ok(count > 0, JSON.stringify(seen));
  });

  for (const mistake of ['sends an applied key again', 'takes a byte for known that it never got'] as const) {
    it(`are seen when a page ${mistake}`, async () => {
      const expected = /is lost, doubled or not theirs|went on at|closed with/;
      await assert.rejects(play({ cuts: CONTROL_CUTS, seed: SEED, mistake }), expected);
    });
  }
});
