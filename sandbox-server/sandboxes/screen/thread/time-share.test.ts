import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TimeShare } from './time-share.ts';

it('a share of time is a burst at once, and a part of a processor in the long run', () => {
  const share = new TimeShare({ part: 0.5, burstMs: 1_000 }, 0);
  let used = 0;
  for (let now = 0; now < 100_000; now += 1) {
    if (share.wait(now) > 0) continue;
    share.use(7);
    used += 7;
  }
  assert.ok(used >= 51_000 && used < 51_000 + 2 * 7, `${used} ms of 100 s`);
});

it('a share of time is not saved up beyond its burst, and a debt is waited off', () => {
  const share = new TimeShare({ part: 0.25, burstMs: 100 }, 0);
  share.use(600);
  assert.equal(share.wait(0), 2_000);
  assert.equal(share.wait(2_000), 0);
  // An hour later there are a hundred milliseconds, and no more.
  assert.equal(share.wait(3_600_000), 0);
  share.use(101);
  assert.equal(share.wait(3_600_000), 4);
});

it('who used little lately comes before who used much, and that is forgotten', () => {
  const [much, little] = [0, 1].map(() => new TimeShare({ part: 0.5, burstMs: 100 }, 0));
  much!.use(100);
  little!.use(1);
  assert.ok(little!.recent(1_000) < much!.recent(1_000));
  assert.ok(much!.recent(60_000) < 0.001);
});
