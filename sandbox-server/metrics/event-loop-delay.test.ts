import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { EventLoopDelay } from './event-loop-delay.ts';

it('a turn of the event loop that took long is seen in its window, and not in the next', async () => {
  using eventLoop = new EventLoopDelay();
  // The monitor notices a delay at its next tick; these are its ticks, not a wait for the clock.
  await delay(20);
  const until = performance.now() + 300;
  while (performance.now() < until);
  await delay(20);
  eventLoop.turn();
  const slow = eventLoop.last.maxS;
  assert.ok(slow >= 0.2, `${slow} s`);
  await delay(20);
  eventLoop.turn();
  assert.ok(eventLoop.last.maxS < slow);
});
