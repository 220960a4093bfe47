import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leavesLineInUse, typedLines } from './typed-lines.ts';

test('every line is ended by Enter, the last one too', () => {
  assert.deepEqual(typedLines('id\nls -l\n', { lineInUse: false }), ['id\r', 'ls -l\r']);
  assert.deepEqual(typedLines('id', { lineInUse: false }), ['id\r']);
});

test('what was half-typed at the prompt is emptied first, so that it is not glued to the command', () => {
  assert.deepEqual(typedLines('id', { lineInUse: true }), ['\x05\x15id\r']);
});

test('tabs inside a here-document arrive as tabs and do not complete file names', () => {
  assert.deepEqual(typedLines('cat <<E\n\tx\nE', { lineInUse: false }), ['cat <<E\r', '\x16\tx\r', 'E\r']);
});

test('a command over several lines is typed at one prompt', () => {
  assert.deepEqual(typedLines('ls \\\n  -l\nid', { lineInUse: false }), ['ls \\\r  -l\r', 'id\r']);
});

test('blank lines inside a block are kept', () => {
  assert.deepEqual(typedLines('a\n\nb\n\n', { lineInUse: false }), ['a\r', '\r', 'b\r']);
});

test('Enter, Ctrl+C, Ctrl+D and Ctrl+U leave an empty line', () => {
  assert.deepEqual(
    ['ls', 'ls\r', '\x03', '\x04', '\x15', '\x1b[A'].map((data) => leavesLineInUse(data)),
    [true, false, false, false, false, true],
  );
});
