import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inlineParts, paragraphs } from './inline.ts';

test('code spans are split from the text around them', () => {
  assert.deepEqual(inlineParts('Run `docker ps` now'), [
    { kind: 'text', text: 'Run ' },
    { kind: 'code', text: 'docker ps' },
    { kind: 'text', text: ' now' },
  ]);
});

test('an apostrophe in a text is set as one, and stays what it is in code', () => {
  assert.deepEqual(inlineParts("alice's and the guests' `echo 'hi'` 'tis"), [
    { kind: 'text', text: 'alice’s and the guests’ ' },
    { kind: 'code', text: "echo 'hi'" },
    { kind: 'text', text: " 'tis" },
  ]);
});

test('a lone backtick stays text', () => {
  assert.deepEqual(inlineParts('a ` b'), [{ kind: 'text', text: 'a ` b' }]);
});

test('blank lines make paragraphs, line breaks inside do not', () => {
  assert.deepEqual(paragraphs('one\ntwo\n\nthree\n'), ['one two', 'three']);
});

test('a line break between Chinese characters leaves no space', () => {
  assert.deepEqual(paragraphs('守护进程\n以 root 运行'), ['守护进程以 root 运行']);
});
