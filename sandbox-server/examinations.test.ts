import assert from 'node:assert/strict';
import { it } from 'node:test';
import { examinations } from './examinations.ts';

it('an event loop that was late is a warning: the server works, and somebody should look', async () => {
  const examine = (maxS: number) => {
    const eventLoop = { last: { medianS: 0, p99S: 0, maxS } };
    return examinations({
      store: { probe: () => {} },
      driver: { problem: async () => undefined },
      eventLoop,
    }).eventLoop?.();
  };
  assert.deepEqual(await examine(0.4), { status: 'ok', words: 'ok' });
  assert.deepEqual(await examine(3.21), {
    status: 'warning',
    words: 'The server came to its work up to 3.2 s late in the last 10 s: its processor is busy.',
  });
});
