import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExec } from './exec.ts';

test('words behind -- reach the machine as they are', () => {
  const { id, machine, user, script } = parseExec(['lab', '--user', 'alice', '--', 'echo', 'a  b', "it's", '--x']);
  assert.deepEqual([id, machine, user, script], ['lab', undefined, 'alice', "echo 'a  b' 'it'\\''s' --x"]);
});

test('a single word may be a script', () => {
  assert.equal(parseExec(['lab', '--', 'id; exit 3']).script, 'id; exit 3');
});

test('a command without -- is refused, lest its options be taken for ours', () => {
  assert.throws(() => parseExec(['lab', 'id']), /exec needs a lab, and a command behind "--"/);
  assert.throws(() => parseExec(['--', 'id']), /exec needs a lab/);
  assert.throws(() => parseExec(['lab', '--usr', 'x', '--', 'id']), /Unknown option '--usr'/);
});
