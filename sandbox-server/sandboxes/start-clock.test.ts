import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StartClock } from './start-clock.ts';

describe('the clock of a start', () => {
  it('gives each part the time until the last machine had it behind it, and all of them add up', () => {
    const clock = new StartClock(0);
    clock.mark('queue', 1_000);
    clock.mark('launch', 1_200);
    clock.mark('launch', 1_500);
    clock.mark('restore', 1_400);
    clock.mark('restore', 2_000);
    clock.mark('wake', 2_250);
    assert.deepEqual(
      [...clock.parts()],
      [
        ['queue', 1],
        ['launch', 0.5],
        ['restore', 0.5],
        ['wake', 0.25],
      ],
    );
    assert.equal(clock.since(undefined, 2_250), 2.25);
    assert.equal(clock.since('queue', 2_250), 1.25);
  });

  it('gives a part no negative time when a quick machine had it behind it before a slow one was that far', () => {
    const clock = new StartClock(0);
    clock.mark('launch', 100);
    clock.mark('restore', 300);
    clock.mark('launch', 400);
    assert.deepEqual(
      [...clock.parts()],
      [
        ['launch', 0.4],
        ['restore', 0],
      ],
    );
  });
});
