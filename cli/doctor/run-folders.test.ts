import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockFile } from '../../sandbox-server/lock-file.ts';
import { listRunBlocks } from '../../sandbox-server/machines/local/run-folder.ts';
import { findAbandonedSpares, judgeRunFolders } from './run-folders.ts';

test('running machines are counted', () => {
  const block = { path: '/s/run/0', machines: ['a', 'b'], inUse: true };
  assert.deepEqual(judgeRunFolders({ blocks: [block], spare: [] }), [
    { level: 'good', subject: 'machines', text: '2 running, started by one process' },
  ]);
  assert.equal(judgeRunFolders({ blocks: [], spare: [] })[0]?.text, 'none is running');
});

test('what killed processes left is named, with what clears it away', () => {
  const block = { path: '/s/run/1', machines: ['a'], inUse: false };
  assert.deepEqual(judgeRunFolders({ blocks: [block], spare: ['/s/bench-9'] }), [
    { level: 'good', subject: 'machines', text: 'none is running' },
    {
      level: 'note',
      subject: 'left behind',
      text: 'by a killed process: /s/run/1.',
      fix: 'The next start clears it away.',
    },
    {
      level: 'note',
      subject: 'left behind',
      text: 'by a bench or test that was killed.',
      fix: 'Remove it:\n  rm -r /s/bench-9',
    },
  ]);
});

test('a block is in use while its lock is held', async () => {
  const state = mkdtempSync(join(tmpdir(), 'drydock-'));
  const path = join(state, 'run/0');
  mkdirSync(join(path, 'machine-1'), { recursive: true });
  {
    await using _held = await lockFile(join(path, 'lock'));
    assert.deepEqual(await listRunBlocks(state), [{ path, machines: ['machine-1'], inUse: true }]);
  }
  assert.deepEqual(await listRunBlocks(state), [{ path, machines: ['machine-1'], inUse: false }]);
});

test('a spare server whose maker lives is left alone', () => {
  const state = mkdtempSync(join(tmpdir(), 'drydock-'));
  for (const name of ['bench-4194999', `bench-${process.pid}`, 'run']) mkdirSync(join(state, name));
  assert.deepEqual(findAbandonedSpares(state), [join(state, 'bench-4194999')]);
});
