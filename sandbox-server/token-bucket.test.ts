import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('allows a burst, then the average', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
    const taken = [0, 0, 0, 0, 50, 100, 150, 200].map((now) => bucket.take(1, now));
    assert.deepEqual(taken, [true, true, true, false, false, true, false, true]);
  });

  it('takes nothing when there is not enough', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 5 }, 0);
    assert.equal(bucket.take(6, 0), false);
    assert.equal(bucket.take(5, 0), true);
  });

  it('never holds more than a burst, however long it rests', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
    bucket.take(3, 0);
    assert.equal(bucket.take(4, 1_000_000), false);
    assert.equal(bucket.take(3, 1_000_000), true);
  });
});
