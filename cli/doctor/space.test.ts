import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeCacheSpace, judgeStateSpace, readSpace } from './space.ts';

const GIB = 1024 ** 3;
const CACHE = { folder: '/c', freeBytes: 2 * GIB, writable: true };
const STATE = { folder: '/s', freeBytes: 4 * GIB, writable: true };

test('the cache needs space for what is still to be built', () => {
  assert.deepEqual(judgeCacheSpace(CACHE, 0), {
    level: 'good',
    subject: 'cache',
    text: '2.0 GiB free for images in /c',
  });
  assert.deepEqual(judgeCacheSpace(CACHE, 3 * GIB), {
    level: 'lack',
    subject: 'cache',
    text: '2.0 GiB free in /c; what is still to be built needs 3.0 GiB.',
    fix: 'Free some space, or set XDG_CACHE_HOME to a folder on a larger disk.',
  });
});

test('where machines write, there must be room for what one of them may write', () => {
  const fix = 'Free some space, or set XDG_STATE_HOME to a folder on a larger disk.';
  assert.deepEqual(judgeStateSpace(STATE, 3 * GIB), {
    level: 'good',
    subject: 'state',
    text: '4.0 GiB free in /s, where machines write (up to 3.0 GiB each)',
  });
  assert.deepEqual(judgeStateSpace({ ...STATE, freeBytes: GIB }, 3 * GIB), {
    level: 'lack',
    subject: 'state',
    text: '1.0 GiB free in /s, where machines write: nobody gets one while there is less than the 3.0 GiB it may write.',
    fix,
  });
});

test('a folder of somebody else is a lack, however much is free', () => {
  assert.deepEqual(judgeCacheSpace({ ...CACHE, writable: false }, 0), {
    level: 'lack',
    subject: 'cache',
    text: 'This user may not write to /c.',
    fix: 'Set XDG_CACHE_HOME to a folder that is yours, or make it yours:\n  sudo chown -R "$USER" \'/c\'',
  });
});

test('a folder that is still to be made counts as the one it will be in', () => {
  const { freeBytes, writable } = readSpace(join(tmpdir(), 'not', 'yet'));
  assert.ok(freeBytes > 0 && writable);
});
