import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findCacheUsers, registerCacheUser } from './cache-users.mjs';

function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), 'drydock-'));
}

test('a running command is found as a user of the cache until it takes that back', () => {
  const cache = temporaryFolder();
  assert.deepEqual(findCacheUsers(cache), []);
  const unregister = registerCacheUser(cache, 'start');
  assert.deepEqual(findCacheUsers(cache), [{ pid: process.pid, command: 'start' }]);
  unregister();
  assert.deepEqual(findCacheUsers(cache), []);
});

test('a process that is gone, or whose id was given anew, is not a user', () => {
  const cache = temporaryFolder();
  mkdirSync(join(cache, 'in-use'));
  writeFileSync(join(cache, 'in-use', '4194999'), '{"startTicks":"1","command":"start"}');
  writeFileSync(join(cache, 'in-use', String(process.pid)), '{"startTicks":"1","command":"start"}');
  assert.deepEqual(findCacheUsers(cache), []);
  assert.deepEqual(readdirSync(join(cache, 'in-use')), []);
});
