import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figure, slope } from './statistics.ts';

describe('the figures of a benchmark', () => {
  it('are the median and the 95th percentile by nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(figure(samples), { median: 50.5, p95: 95, n: 100 });
    assert.deepEqual(figure([3, 1, 2]), { median: 2, p95: 3, n: 3 });
  });

  it('are never made of nothing', () => {
    assert.throws(() => figure([]), RangeError);
  });

  it('have a slope that ignores what is there without any machine', () => {
    const perMachine = slope([
      [1, 530],
      [10, 800],
      [30, 1400],
    ]);
    assert.ok(Math.abs(perMachine - 30) < 1e-9);
  });
});
