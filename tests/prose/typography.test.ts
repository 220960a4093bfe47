import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { findBreaches } from './findings.ts';
import { readLabTexts } from './read-labs.ts';
import { readLessonTexts } from './read-lessons.ts';
import { readStringTexts } from './read-strings.ts';
import { RULES, type Rule } from './rules.ts';

const TEXTS = [...readLessonTexts(), ...readLabTexts(), ...readStringTexts()];

test('what learners read is found everywhere it is written', () => {
  const files = new Set(TEXTS.map(({ file }) => file));
  for (const file of ['content/zh-cn/rootless.mdx', 'content/en/sheets/rootless.mdx', 'labs/rootless/lab.yaml'])
    assert.ok(files.has(file), file);
  for (const file of ['src/locale/site-texts-en.ts', 'src/client/strings/zh-cn.ts', 'sandbox-server/errors.ts'])
    assert.ok(files.has(file), file);
});

test('texts keep to the typography of their language', () => {
  const breaches = findBreaches(TEXTS, RULES);
  assert.deepEqual(breaches, [], `\n${breaches.join('\n')}\n`);
});

test('no text uses a word that the list of terms has another for', () => {
  const breaches = findBreaches(TEXTS, avoided());
  assert.deepEqual(breaches, [], `\n${breaches.join('\n')}\n`);
});

function avoided(): Rule[] {
  const terms: { 'zh-cn': string; avoid?: string[] }[] = parse(readFileSync('content/terms.yaml', 'utf8'));
  return terms.flatMap(({ 'zh-cn': term, avoid = [] }) =>
    avoid.map((word) => ({
      ...{ language: 'zh-cn' as const, why: 'content/terms.yaml has a term for this' },
      pattern: new RegExp(word, 'gu'),
      instead: () => term,
    })),
  );
}
