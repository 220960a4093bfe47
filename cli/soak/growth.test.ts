import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeGrowth, type Sample } from './growth.ts';

/** Nine samples, ten sandboxes apart, with noise that does not grow. */
function samples(leak: (sandboxes: number) => Partial<Sample>): Sample[] {
  return Array.from({ length: 9 }, (_, index) => {
    const sandboxes = 10 * index;
    const noise = index % 2;
    const steady = { memoryBytes: 2e7 + noise * 20_000, descriptors: 30, files: 6 + noise, processes: 0 };
    return { sandboxes, ...steady, ...leak(sandboxes) };
  });
}

const growing = (leak: (sandboxes: number) => Partial<Sample>) =>
  judgeGrowth(samples(leak))
    .filter(({ grows }) => grows)
    .map(({ what }) => what);

describe('growth', () => {
  it('is not seen in what goes up and down', () => {
    assert.deepEqual(
      growing(() => ({})),
      [],
    );
  });

  it('is not seen in what grows at first and then stays', () => {
    assert.deepEqual(
      growing((sandboxes) => ({ descriptors: Math.min(30 + sandboxes, 50) })),
      [],
    );
  });

  it('is seen in what every sandbox leaves behind, even if only every tenth does', () => {
    assert.deepEqual(
      growing((sandboxes) => ({ memoryBytes: 2e7 + sandboxes * 16_384 })),
      ['memoryBytes'],
    );
    assert.deepEqual(
      growing((sandboxes) => ({ descriptors: 30 + sandboxes / 10, files: sandboxes, processes: sandboxes })),
      ['descriptors', 'files', 'processes'],
    );
  });

  it('is not judged by too few samples', () => {
    assert.throws(() => judgeGrowth(samples(() => ({})).slice(0, 4)), RangeError);
  });
});
