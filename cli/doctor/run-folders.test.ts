import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findAbandonedSpares, judgeRunFolders } from './run-folders.ts';

test('running machines are counted', () => {
  const machines = ['a', 'b'].map((id) => ({ id, isOver: false }));
  assert.deepEqual(judgeRunFolders({ machines, spare: [] }), [
    { level: 'good', subject: 'machines', text: '2 running' },
  ]);
  assert.equal(judgeRunFolders({ machines: [], spare: [] })[0]?.text, 'none is running');
});

test('what killed processes left is named, with what clears it away', () => {
  assert.deepEqual(judgeRunFolders({ machines: [{ id: 'a', isOver: true }], spare: ['/s/bench-9'] }), [
    { level: 'good', subject: 'machines', text: 'none is running' },
    {
      level: 'note',
      subject: 'left behind',
      text: 'folders of machines whose supervisor was killed: a.',
      fix: 'The next start clears them away.',
    },
    {
      level: 'note',
      subject: 'left behind',
      text: 'by a bench or test that was killed.',
      fix: 'Remove it:\n  rm -r /s/bench-9',
    },
  ]);
});

test('a spare server whose maker lives is left alone', () => {
  const state = mkdtempSync(join(tmpdir(), 'drydock-'));
  for (const name of ['bench-4194999', `bench-${process.pid}`, 'machines']) mkdirSync(join(state, name));
  assert.deepEqual(findAbandonedSpares(state), [join(state, 'bench-4194999')]);
});
