import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { startTestServer } from '../testing/test-server.ts';
import { MemoryGuard } from './memory-guard.ts';

const MIB = 1024 ** 2;
const TOTAL = 16 * 1024 * MIB;
const RESERVE = 512 * MIB;
const settled = () => new Promise(setImmediate);

function bench(...sizes: number[]) {
  return benchOf({ machinesEach: 1, sizes });
}

function benchOf({ machinesEach, sizes }: { machinesEach: number; sizes: readonly number[] }) {
  const ended: number[] = [];
  const hurried: number[] = [];
  const memory = { totalBytes: TOTAL, availableBytes: TOTAL };
  const sandboxes = sizes.map((bytes, index) => ({
    machines: machinesEach,
    memoryBytes: async () => bytes,
    restSoon: () => hurried.push(index),
    endForMemory: () => ended.push(index),
  }));
  const guard = new MemoryGuard({ memory: () => memory, sandboxes: () => sandboxes, log: QUIET_LOG });
  return { guard, memory, ended, hurried };
}

describe('the guard of memory', () => {
  it('admits as many at once as what one usually takes fits in beside the reserve', () => {
    const { guard, memory } = bench();
    memory.availableBytes = RESERVE + 3.5 * 96 * MIB;
    assert.deepEqual(
      [1, 2, 3, 4].map(() => guard.admits(1, 0)),
      [true, true, true, false],
    );
    memory.availableBytes = RESERVE + 96 * MIB;
    assert.equal(guard.admits(1, 5_000), false, 'those admitted are still growing');
    assert.equal(guard.admits(1, 10_000), true);
  });

  it('learns from those that live what one usually takes', async () => {
    const { guard, memory } = bench(300 * MIB, 500 * MIB);
    memory.availableBytes = RESERVE + 399 * MIB;
    guard.expire(0);
    await settled();
    assert.equal(guard.admits(1, 0), false);
    memory.availableBytes = RESERVE + 401 * MIB;
    assert.equal(guard.admits(1, 0), true);
  });

  it('counts machines, of which a sandbox may have two', async () => {
    const { guard, memory } = benchOf({ machinesEach: 2, sizes: [400 * MIB, 400 * MIB] });
    guard.expire(0);
    await settled();
    memory.availableBytes = RESERVE + 3.5 * 200 * MIB;
    assert.deepEqual(
      [2, 2, 1, 1].map((machines) => guard.admits(machines, 0)),
      [true, false, true, false],
    );
  });

  it('does nothing to anybody while the reserve is whole', async () => {
    const { guard, ended, hurried } = bench(700 * MIB);
    guard.expire(0);
    await settled();
    assert.deepEqual([guard.isShort, ended, hurried], [false, [], []]);
  });

  it('lets what nobody needs rest at once when the reserve is touched, and ends nobody', async () => {
    const { guard, memory, ended, hurried } = bench(100 * MIB, 700 * MIB);
    memory.availableBytes = RESERVE - 1;
    guard.expire(0);
    await settled();
    assert.deepEqual([guard.isShort, guard.admits(1, 0), hurried, ended], [true, false, [0, 1], []]);
  });

  it('ends the largest when half the reserve is gone, and the next only when that did not help', async () => {
    const { guard, memory, ended } = bench(100 * MIB, 700 * MIB, 300 * MIB);
    memory.availableBytes = RESERVE / 2 - 1;
    for (const now of [0, 1_000, 4_000]) {
      guard.expire(now);
      await settled();
    }
    assert.deepEqual(ended, [1]);
    guard.expire(5_000);
    await settled();
    assert.equal(ended.length, 2);
    memory.availableBytes = RESERVE;
    guard.expire(20_000);
    await settled();
    assert.equal(ended.length, 2);
  });
});

describe('a server that runs short of memory', () => {
  it('keeps newcomers in the queue until there is memory again, but not the only one', async () => {
    const memory = { totalBytes: TOTAL, availableBytes: RESERVE };
    await using server = await startTestServer({ memory: () => memory });
    await (await server.browser().open()).running();
    const second = await server.browser().open();
    const { phase } = await second.stateWhere((state) => state.phase.kind === 'queued');
    assert.deepEqual(phase, { kind: 'queued', place: 1, waiting: 1, reason: 'memory' });
    memory.availableBytes = TOTAL;
    await second.running();
  });

  it('ends the largest sandbox, tells its learner why, and keeps what they have earned', async () => {
    const memory = { totalBytes: TOTAL, availableBytes: TOTAL };
    await using server = await startTestServer({ memory: () => memory });
    const [small, large] = [await server.browser().open(), await server.browser().open()];
    await small.running();
    const { sandbox } = await large.running();
    large.type('alice', 'touch /mark\r');
    await large.stateWhere(({ steps }) => steps[0]?.earned === true);
    for (const machine of server.driver.machines) {
      machine.taken = { processorMs: 0, memoryBytes: machine.id.startsWith(`${sandbox?.id}`) ? 700 * MIB : 50 * MIB };
    }
    memory.availableBytes = RESERVE / 4;
    const ended = await large.stateWhere(({ phase }) => phase.kind === 'ended');
    memory.availableBytes = TOTAL;
    assert.deepEqual(ended.phase, { kind: 'ended', reason: 'memory' });
    assert.equal(ended.steps[0]?.earned, true);
    assert.equal(small.state?.phase.kind, 'running');
  });
});
