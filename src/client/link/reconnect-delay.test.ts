import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconnectDelayMs } from './reconnect-delay.ts';

test('the first try comes after a quarter of a second, then the delay doubles', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((failures) => reconnectDelayMs(failures, 0.5)),
    [250, 500, 1000, 2000],
  );
});

test('nobody waits longer than ten seconds, however long the server is away', () => {
  assert.ok(reconnectDelayMs(60, 1) < 10_000);
  assert.equal(reconnectDelayMs(60, 0.5), 8_000);
});

test('a class that lost its server together does not come back in one instant', () => {
  assert.equal(reconnectDelayMs(4, 0), 1600);
  assert.equal(reconnectDelayMs(4, 1), 2400);
});
