import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lifetime, lifeFrom } from './lifetime.ts';
import { Reaper } from './reaper.ts';

const LIMITS = { sandboxLifetimeMs: 60, extensionMs: 30, sandboxMaxLifetimeMs: 100 };

describe('a lifetime', () => {
  it('can be extended up to its maximum, and says how much further', () => {
    const lifetime = new Lifetime(LIMITS, lifeFrom(1_000, LIMITS));
    assert.deepEqual([lifetime.deadline, lifetime.extensionMs, lifetime.remainingMs(1_010)], [1_060, 30, 50]);
    assert.equal(lifetime.extend(), true);
    assert.deepEqual([lifetime.deadline, lifetime.extensionMs], [1_090, 10]);
    assert.equal(lifetime.extend(), true);
    assert.equal(lifetime.extend(), false);
    assert.deepEqual([lifetime.deadline, lifetime.extensionMs, lifetime.remainingMs(2_000)], [1_100, 0, 0]);
  });
});

describe('the reaper', () => {
  it('asks every mortal on each sweep, until it is no longer watched', () => {
    using reaper = new Reaper();
    const asked: string[] = [];
    const first = reaper.watch({ expire: (now) => asked.push(`first ${now}`) });
    reaper.watch({ expire: (now) => asked.push(`second ${now}`) });
    reaper.sweep(1);
    first[Symbol.dispose]();
    reaper.sweep(2);
    assert.deepEqual(asked, ['first 1', 'second 1', 'second 2']);
  });

  it('sweeps by itself', (context) => {
    context.mock.timers.enable({ apis: ['setInterval'] });
    using reaper = new Reaper();
    let sweeps = 0;
    reaper.watch({ expire: () => (sweeps += 1) });
    context.mock.timers.tick(3_000);
    assert.equal(sweeps, 3);
  });
});
