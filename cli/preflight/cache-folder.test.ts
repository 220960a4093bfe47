import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import { cacheFolder } from './cache-folder.mjs';

test('preflight and server keep artefacts in the same folder', () => {
  for (const env of [{}, { XDG_CACHE_HOME: '/elsewhere' }]) {
    for (const user of [
      { uid: 0, home: '/root' },
      { uid: 1000, home: '/home/lin' },
    ]) {
      assert.equal(cacheFolder(env, user), resolvePaths(env, user).cache);
    }
  }
});
