import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { Learners } from './learners.ts';
import { Pruner } from './pruner.ts';
import { Store } from './store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function makeStage() {
  const store = new Store(':memory:');
  const learners = new Learners(store);
  const pruner = new Pruner({ store, config: { keepProgressMs: 30 * DAY_MS }, log: QUIET_LOG });
  return {
    ...{ store, learners, pruner },
    [Symbol.dispose]: () => {
      pruner[Symbol.dispose]();
      store[Symbol.dispose]();
    },
  };
}

describe('progress', () => {
  it('is kept for as long as the setting says since its learner was last here, and then forgotten as a whole', async () => {
    using stage = makeStage();
    const { store, learners, pruner } = stage;
    const { id, newToken } = learners.findOrMake(undefined);
    store.openAttempt('a1', id, 'lab');
    store.earn('a1', 'mark');
    store.helpShown('a1', 'mark', '0');
    const now = Date.now();
    assert.equal(await pruner.prune(now + 29 * DAY_MS), 0);
    assert.deepEqual([...store.earnedSteps('a1')], ['mark']);
    learners.findOrMake(newToken, now + 29 * DAY_MS);
    assert.equal(await pruner.prune(now + 58 * DAY_MS), 0);
    assert.equal(await pruner.prune(now + 60 * DAY_MS), 1);
    assert.equal(learners.find(newToken), undefined);
    assert.deepEqual([...store.earnedSteps('a1')], []);
  });

  it('that was never made does not keep a learner: those who earned nothing are forgotten after two days', async () => {
    using stage = makeStage();
    const { store, learners, pruner } = stage;
    for (let visitor = 0; visitor < 1_200; visitor += 1) learners.findOrMake(undefined);
    const { id } = learners.findOrMake(undefined);
    store.openAttempt('a1', id, 'lab');
    store.earn('a1', 'mark');
    const now = Date.now();
    assert.equal(await pruner.prune(now + DAY_MS), 0);
    assert.equal(await pruner.prune(now + 3 * DAY_MS), 1_200);
    assert.deepEqual([...store.earnedSteps('a1')], ['mark']);
  });
});
