import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Lab } from '../../labs/format/lab.ts';
import { DrydockError } from '../errors.ts';
import type { RunRequest } from '../machines/driver.ts';
import { FakeDriver, type FakeDriverOptions } from '../machines/fake/fake-driver.ts';
import { fakeTemplates } from '../machines/fake/fake-templates.ts';
import { FirstSurveys } from '../map/first-surveys.ts';
import { Metrics } from '../metrics/metrics.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { CATCH_UP_PATIENCE_MS, Sandbox, type SandboxOptions } from './sandbox.ts';
import { readRecord } from './sandbox-record.ts';
import { StartClock } from './start-clock.ts';

const [HOST] = TEST_LAB.machines;
const PAIR: Lab = {
  ...TEST_LAB,
  machines: [
    HOST!,
    { ...HOST!, role: 'client', hostname: 'client', terminals: [{ id: 'bob', user: 'bob' }], secrets: [] },
  ],
};

function optionsFor(driver: FakeDriver, more: Partial<SandboxOptions> = {}): SandboxOptions {
  return {
    ...{ lab: PAIR, epoch: 1, driver, templates: fakeTemplates(driver), log: QUIET_LOG, earned: () => new Set() },
    limits: {
      ...{ sandboxLifetimeMs: 60_000, extensionMs: 0, sandboxMaxLifetimeMs: 60_000, checkTimeoutMs: 1_000 },
      ...{ terminalHistoryBytes: 512 * 1024, pauseAfterMs: 60_000 },
    },
    events: { changed: () => undefined, earned: () => undefined },
    pool: { noteStart: () => ({ [Symbol.dispose]: () => {} }), take: async () => undefined },
    recordingsFolder: null,
    firstSurveys: new FirstSurveys(),
    signal: new AbortController().signal,
    ...{ metrics: new Metrics(), clock: new StartClock() },
    ...more,
  };
}

function makeDriver(options?: FakeDriverOptions) {
  return new FakeDriver(options);
}

describe('a sandbox', () => {
  it('has a machine per role and its terminals in the order of the lab', async () => {
    await using driver = makeDriver();
    await using sandbox = await Sandbox.start(optionsFor(driver));
    assert.deepEqual(
      sandbox.terminals.map(({ id, role, user }) => [id, role, user]),
      [
        ['alice', 'host', 'alice'],
        ['root', 'host', 'root'],
        ['bob', 'client', 'bob'],
      ],
    );
    assert.match(sandbox.id, /^s[0-9a-f]{12}$/);
    assert.deepEqual(
      [...driver.machines].map(({ id }) => id),
      [`${sandbox.id}-0`, `${sandbox.id}-1`],
    );
  });

  it('plugs its machines into one network, and no machine of another sandbox', async () => {
    const networks: unknown[] = [];
    await using driver = makeDriver({ beforeFork: async ({ network }) => void networks.push(network) });
    await using _first = await Sandbox.start(optionsFor(driver));
    await using _second = await Sandbox.start(optionsFor(driver));
    const [host, client, otherHost, otherClient] = networks;
    assert.ok(host !== undefined && otherHost !== undefined);
    assert.equal(client, host);
    assert.equal(otherClient, otherHost);
    assert.notEqual(otherHost, host);
  });

  it('has secrets of its own, the same in the machine’s file as in what checks are given', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<RunRequest>();
    const answer = async (request: RunRequest) => {
      if (request.env !== undefined) resolve(request);
      return undefined;
    };
    await using driver = makeDriver({ answer });
    await using first = await Sandbox.start(optionsFor(driver));
    await using second = await Sandbox.start(optionsFor(driver));
    const request = { script: 'cat /door', timeoutMs: 1_000 };
    const keys = await Promise.all([first, second].map(async (sandbox) => (await sandbox.run('host', request)).stdout));
    for (const key of keys) assert.match(key, /^key-[0-9a-f]{16}\n$/);
    assert.notEqual(keys[0], keys[1]);
    first.check(TEST_LAB.steps[1]!);
    assert.equal((await asked).env?.DRYDOCK_SECRET_DOOR_KEY, keys[0]);
  });

  it('that cannot start whole leaves nothing behind and says why', async () => {
    let forks = 0;
    await using driver = makeDriver({
      beforeFork: async () => {
        forks += 1;
        if (forks === 2) throw new Error('no memory');
      },
    });
    await assert.rejects(Sandbox.start(optionsFor(driver)), { message: 'no memory' });
    assert.equal(driver.machines.size, 0);
  });

  it('starts elsewhere when what it was to run on is lost, if there is something else', async () => {
    for (const problem of [undefined, 'no engine answers']) {
      let forks = 0;
      const beforeFork = async () => {
        forks += 1;
        if (forks === 2) throw new DrydockError('engine-unreachable', 'the first one is gone');
      };
      await using driver = makeDriver({ beforeFork, problem: () => problem });
      if (problem === undefined) {
        await using _sandbox = await Sandbox.start(optionsFor(driver));
        assert.deepEqual([forks, driver.machines.size], [4, 2]);
      } else {
        await assert.rejects(Sandbox.start(optionsFor(driver)), { message: 'the first one is gone' });
        assert.deepEqual([forks, driver.machines.size], [2, 0]);
      }
    }
  });

  it('that is no longer wanted while it starts leaves nothing behind', async () => {
    const abort = new AbortController();
    await using driver = makeDriver({ beforeFork: async ({ id }) => void (id.endsWith('1') && abort.abort()) });
    await assert.rejects(Sandbox.start(optionsFor(driver, { signal: abort.signal })), { name: 'AbortError' });
    assert.equal(driver.machines.size, 0);
  });

  it('whose lab names a terminal that the machine does not have says so, and leaves nothing behind', async () => {
    await using driver = makeDriver();
    const forLab = async () => new Map(PAIR.machines.map(({ role }) => [role, bare]));
    const templates = { forLab, usualWaitMs: async () => 0 };
    const bare = driver.template('bare', { hostname: 'bare', terminals: [] });
    await assert.rejects(Sandbox.start(optionsFor(driver, { templates })), {
      code: 'terminal-missing',
      message: 'Lab test-lab: machine "host" has no terminal "alice".',
    });
    assert.equal(driver.machines.size, 0);
  });

  it('ends when one of its machines does, and takes the others with it', async () => {
    await using driver = makeDriver();
    const sandbox = await Sandbox.start(optionsFor(driver));
    [...driver.machines][1]?.kill('out of memory');
    assert.deepEqual(await sandbox.ended, {
      machine: `${sandbox.id}-1`,
      cause: 'crashed',
      kind: 'lost',
      detail: 'out of memory',
    });
    await sandbox[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
    assert.equal(driver.machines.size, 0);
  });
});

describe('a sandbox that an earlier server left', () => {
  it('is ended with all its machines when the lab has a role that it lacks, and has none of another', async () => {
    await using driver = makeDriver();
    const left = await Sandbox.start(optionsFor(driver));
    const record = readRecord(left.record);
    assert.ok(record);
    left.outliveServer();
    left.release();
    const renamed = PAIR.machines.map((machine) =>
      machine.role === 'client' ? { ...machine, role: 'peer' } : machine,
    );
    const adopted = await Sandbox.adopt(record, optionsFor(driver, { lab: { ...PAIR, machines: renamed } }));
    assert.deepEqual([adopted, driver.machines.size], [undefined, 0]);
  });

  it('is gone on with when a guest says that it printed what never comes', async (context) => {
    await using driver = makeDriver();
    const left = await Sandbox.start(optionsFor(driver));
    const record = readRecord(left.record);
    assert.ok(record);
    left.outliveServer();
    left.release();
    for (const machine of driver.machines) {
      for (const terminal of machine.terminals)
        context.mock.getter(terminal, 'outputEnd', () => Number.MAX_SAFE_INTEGER);
    }
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const adopted = Sandbox.adopt(record, optionsFor(driver));
    await new Promise(setImmediate);
    context.mock.timers.tick(CATCH_UP_PATIENCE_MS);
    await using sandbox = await adopted;
    assert.equal(sandbox?.id, record.id);
  });
});
