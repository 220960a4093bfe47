import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsIn } from './commands.ts';

test('a line that ends in a backslash and the next one are one command', () => {
  assert.deepEqual(commandsIn(['a \\', '  b \\', '  c', 'd']), ['a \\\n  b \\\n  c', 'd']);
});

test('two backslashes are a character, and no continuation', () => {
  assert.deepEqual(commandsIn(['echo \\\\', 'id']), ['echo \\\\', 'id']);
});
