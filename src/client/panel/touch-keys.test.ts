import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrowKey, controlCharacter } from './touch-keys.ts';

test('Ctrl turns letters into control characters, whatever their case', () => {
  assert.equal(controlCharacter('c'), '\x03');
  assert.equal(controlCharacter('C'), '\x03');
  assert.equal(controlCharacter('['), '\x1b');
});

test('Ctrl does nothing to what it does not combine with', () => {
  assert.equal(controlCharacter('1'), undefined);
  assert.equal(controlCharacter('中'), undefined);
});

test('arrows follow the cursor key mode of the program', () => {
  assert.equal(arrowKey('up', false), '\x1b[A');
  assert.equal(arrowKey('left', true), '\x1bOD');
});
