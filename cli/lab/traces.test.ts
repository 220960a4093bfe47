import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTraces } from './traces.ts';

test('what is gone and what is new is told with its machine', () => {
  const before = new Map([['host', ['root', 'alice', 'a container']]]);
  const after = new Map([['host', ['root', 'a container', '/etc/cron.d/miner']]]);
  assert.deepEqual(compareTraces(before, after), ['host: - alice', 'host: + /etc/cron.d/miner']);
});

test('a machine left as it was has no traces', () => {
  const lines = new Map([['host', ['root']]]);
  assert.deepEqual(compareTraces(lines, lines), []);
});
