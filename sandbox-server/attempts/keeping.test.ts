import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metrics } from '../metrics/metrics.ts';
import type { Sandbox } from '../sandboxes/sandbox.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { Journal } from './journal.ts';
import { Keeping } from './keeping.ts';
import { Store } from './store.ts';

/** A store whose disk may be full, and a sandbox that notes what it is told. */
function makeBench() {
  const store = new Store(':memory:');
  store.addLearner('learner', new Uint8Array(32));
  const attempt = store.openAttempt('attempt', 'learner', 'lab').id;
  const disk = { isFull: false };
  const onDisk = new Proxy(store, {
    get: (target, name) => {
      if (disk.isFull && /^(?:sandbox|earn$)/.test(String(name))) throw new Error('database or disk is full');
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const journal = new Journal({ log: QUIET_LOG, metrics: new Metrics(), lab: 'lab' });
  const told: string[] = [];
  const sandbox = { epoch: 1, record: 'at 1', outliveServer: () => told.push(sandbox.record) };
  return {
    ...{ disk, sandbox, told, it: sandbox as unknown as Sandbox },
    keeping: new Keeping({ attempt, store: onDisk, journal }),
    earned: () => [...store.earnedSteps(attempt)],
    stored: () => store.livingSandboxes().map(({ record }) => record),
  };
}

describe('a sandbox that could not be written down', () => {
  it('does not outlive the server, however often it is extended', () => {
    const { disk, sandbox, told, it: one, keeping, stored } = makeBench();
    disk.isFull = true;
    keeping.sandboxStarted(one);
    sandbox.record = 'at 2';
    keeping.sandboxExtended(one);
    assert.deepEqual([told, stored()], [[], []]);
  });

  it('is written down at its next change, and outlives the server from then on', () => {
    const { disk, told, it: one, keeping, stored } = makeBench();
    disk.isFull = true;
    keeping.sandboxStarted(one);
    disk.isFull = false;
    keeping.sandboxChanged(one);
    assert.deepEqual([told, stored()], [['at 1'], ['at 1']]);
  });

  it('does not pass for the one before it, which could', () => {
    const { disk, sandbox, told, it: one, keeping, stored } = makeBench();
    keeping.sandboxStarted(one);
    disk.isFull = true;
    sandbox.record = 'another';
    keeping.sandboxStarted(one);
    keeping.sandboxExtended(one);
    assert.deepEqual([told, stored()], [['at 1'], ['at 1']]);
  });
});

describe('what was earned while nothing could be written', () => {
  it('holds at once, and is written with the next change for which there is room', () => {
    const { disk, sandbox, it: one, keeping, earned } = makeBench();
    keeping.sandboxStarted(one);
    disk.isFull = true;
    keeping.earn('mark');
    keeping.earn('door');
    assert.deepEqual([[...keeping.earned], earned()], [['mark', 'door'], []]);
    disk.isFull = false;
    sandbox.record = 'at 2';
    keeping.sandboxChanged(one);
    assert.deepEqual(earned().toSorted(), ['door', 'mark']);
  });

  it('is written at the latest when its sandbox ends', () => {
    const { disk, it: one, keeping, earned } = makeBench();
    keeping.sandboxStarted(one);
    disk.isFull = true;
    keeping.earn('mark');
    disk.isFull = false;
    keeping.sandboxEnded('expired');
    assert.deepEqual(earned(), ['mark']);
  });
});

describe('a sandbox that is written down', () => {
  it('is written again once the disk has room, if a change of it was not', () => {
    const { disk, sandbox, it: one, keeping, stored } = makeBench();
    keeping.sandboxStarted(one);
    disk.isFull = true;
    sandbox.record = 'at 2';
    keeping.sandboxChanged(one);
    assert.deepEqual(stored(), ['at 1']);
    disk.isFull = false;
    keeping.sandboxChanged(one);
    assert.deepEqual(stored(), ['at 2']);
  });

  it('outlives the server until its new time when it is extended', () => {
    const { sandbox, told, it: one, keeping } = makeBench();
    keeping.sandboxStarted(one);
    sandbox.record = 'at 2';
    keeping.sandboxExtended(one);
    assert.deepEqual(told, ['at 1', 'at 2']);
  });

  it('tells its machines their time again when it is adopted: the server before may have died first', () => {
    const { told, it: one, keeping } = makeBench();
    keeping.sandboxAdopted(one, 'at 1');
    assert.deepEqual(told, ['at 1']);
  });
});
