import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingMinutes } from './reading-time.ts';

test('two hundred English words take a minute', () => {
  assert.equal(readingMinutes('word '.repeat(600)), 3);
});

test('Chinese is counted by character', () => {
  assert.equal(readingMinutes('守护进程'.repeat(175)), 2);
});

test('code fences and tags are not prose', () => {
  assert.equal(readingMinutes(`${'word '.repeat(200)}\n\`\`\`sh\n${'ls -l\n'.repeat(900)}\`\`\`\n<Step id="a" />`), 1);
});

test('the shortest lesson still says one minute', () => {
  assert.equal(readingMinutes(''), 1);
});
