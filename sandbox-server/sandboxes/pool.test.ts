import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Lab } from '../../labs/format/lab.ts';
import { FakeDriver, type FakeDriverOptions } from '../machines/fake/fake-driver.ts';
import { fakeTemplates } from '../machines/fake/fake-templates.ts';
import { Metrics } from '../metrics/metrics.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { DEMAND_MS } from './demand.ts';
import { Pool } from './pool.ts';

const OTHER_LAB: Lab = { ...TEST_LAB, id: 'other-lab' };
const { signal } = new AbortController();

/** A pool on a host whose room and load the test says, and whose clock it moves. */
function bench({ max = 2, driver: driverOptions }: { max?: number; driver?: FakeDriverOptions } = {}) {
  const driver = new FakeDriver(driverOptions);
  const templates = fakeTemplates(driver);
  const host = { places: 10, isBusy: false };
  const metrics = new Metrics();
  const pool = new Pool({
    ...{ driver, templates, log: QUIET_LOG, metrics, max },
    places: () => host.places,
    isBusy: () => host.isBusy,
  });
  // Fake machines take no time: what a look begins is over when nothing is left to do at once.
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const bench = {
    ...{ driver, templates, host, pool, metrics },
    now: 1_000_000,
    start: (lab = TEST_LAB) => pool.noteStart(lab, bench.now)[Symbol.dispose](),
    /** Looks several times; what a look begins is over before the next. */
    look: async (times = 4) => {
      for (let time = 0; time < times; time += 1) {
        bench.now += 1_000;
        pool.expire(bench.now);
        await settled();
      }
    },
    take: async (lab = TEST_LAB) => pool.take(lab, await templates.forLab(lab), signal),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
  return bench;
}

describe('the pool', () => {
  it('forks nothing ahead until somebody has started something', async () => {
    await using it = bench();
    await it.look();
    assert.deepEqual([it.pool.size, it.driver.machines.size], [0, 0]);
  });

  it('holds as many of a lab as were started lately, no more than it may, paused', async () => {
    await using it = bench({ max: 2 });
    it.start();
    await it.look();
    assert.equal(it.pool.size, 1);
    for (let learner = 0; learner < 5; learner += 1) it.start();
    await it.look();
    assert.equal(it.pool.size, 2);
    assert.deepEqual(
      [...it.driver.machines].map(({ isPaused }) => isPaused),
      [true, true],
    );
  });

  it('follows what is asked for: of a lab that nobody starts any more it gives up what it has', async () => {
    await using it = bench({ max: 2 });
    it.start();
    it.start();
    await it.look();
    it.start(OTHER_LAB);
    await it.look();
    assert.ok(await it.take(OTHER_LAB));
    assert.ok(await it.take());
    it.start();
    await it.look();
    it.now += DEMAND_MS;
    await it.look();
    assert.equal(it.pool.size, 0);
  });

  it('gives out machines that run, with secrets of their own, once', async () => {
    await using it = bench({ max: 2 });
    it.start();
    it.start();
    await it.look();
    const [one, two] = [await it.take(), await it.take()];
    assert.ok(one && two);
    assert.equal(await it.take(), undefined);
    assert.notEqual(one.id, two.id);
    assert.notEqual(one.secrets['door-key'], two.secrets['door-key']);
    const [machine] = [...it.driver.machines];
    assert.equal(machine?.isPaused, false);
    assert.equal(machine?.files.get('/door'), one.secrets['door-key']);
  });

  it('gives out nothing made from a template that is no longer the lab’s', async () => {
    await using it = bench();
    it.start();
    await it.look();
    const refs = new Map([['host', { key: 'edited', folder: '/nowhere' }]]);
    assert.equal(await it.pool.take(TEST_LAB, refs, signal), undefined);
    assert.equal(it.pool.size, 1);
  });

  it('forks nothing ahead while a learner’s own sandbox starts, nor while the host is busy', async () => {
    await using it = bench();
    const start = it.pool.noteStart(TEST_LAB, it.now);
    await it.look();
    assert.equal(it.pool.size, 0);
    start[Symbol.dispose]();
    it.host.isBusy = true;
    await it.look();
    assert.equal(it.pool.size, 0);
    it.host.isBusy = false;
    await it.look();
    assert.equal(it.pool.size, 1);
  });

  it('gives up what learners need the room of, at once when one starts without it', async () => {
    await using it = bench({ max: 2 });
    it.start();
    it.start();
    await it.look();
    it.host.places = 1;
    assert.equal(await it.take(OTHER_LAB), undefined);
    assert.equal(it.pool.size, 1);
    it.host.places = 0;
    await it.look(1);
    assert.deepEqual([it.pool.size, it.driver.machines.size], [0, 0]);
  });

  it('gives up what was being forked when learners took its room', async () => {
    const { promise: forking, resolve: begun } = Promise.withResolvers<void>();
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
    const beforeFork = async () => {
      begun();
      await held;
    };
    await using it = bench({ max: 1, driver: { beforeFork } });
    it.start();
    it.pool.expire(it.now);
    await forking;
    it.host.places = 0;
    goOn();
    await new Promise(setImmediate);
    assert.deepEqual([it.pool.size, it.driver.machines.size], [0, 0]);
    assert.match(await it.metrics.text(), /drydock_pool_total\{outcome="given-up"\} 1/);
  });

  it('forgets a machine that ended by itself', async () => {
    await using it = bench();
    it.start();
    await it.look();
    for (const machine of it.driver.machines) machine.kill();
    await new Promise(setImmediate);
    assert.equal(it.pool.size, 0);
    assert.equal(await it.take(), undefined);
  });

  it('tries again only after a while when it cannot fork', async () => {
    let tries = 0;
    const beforeFork = async () => {
      tries += 1;
      throw new Error('no memory');
    };
    await using it = bench({ driver: { beforeFork } });
    it.start();
    await it.look(10);
    assert.equal(tries, 1);
    assert.match(await it.metrics.text(), /drydock_pool_total\{outcome="failed"\} 1/);
  });

  it('leaves no machine when it ends, not even one that is being forked', async () => {
    const { promise: forking, resolve: begun } = Promise.withResolvers<void>();
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
    let forks = 0;
    const beforeFork = async () => {
      forks += 1;
      if (forks < 2) return;
      begun();
      await held;
    };
    const it = bench({ max: 2, driver: { beforeFork } });
    it.start();
    it.start();
    await it.look(2);
    await forking;
    const end = it.pool[Symbol.asyncDispose]();
    goOn();
    await end;
    assert.deepEqual([it.pool.size, it.driver.machines.size], [0, 0]);
  });
});
