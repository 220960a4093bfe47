import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

/** `套接字（Unix socket）`: what it is called here, and the English that stands beside it once per lesson. */
const WITH_ENGLISH = /^([^（）]+)（([A-Za-z][\w ]*)）$/;

interface Term {
  readonly written: string;
  readonly chinese: string;
  readonly english: string;
}

function termsWithEnglish(): Term[] {
  const terms: { 'zh-cn': string }[] = parse(readFileSync('content/terms.yaml', 'utf8'));
  return terms.flatMap(({ 'zh-cn': written }) => {
    const [, chinese, english] = WITH_ENGLISH.exec(written) ?? [];
    return chinese !== undefined && english !== undefined ? [{ written, chinese, english }] : [];
  });
}

/** Paragraphs, lists and tables, as they are written; headings name things in their short form. */
function paragraphsOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .replace(/^---[\s\S]*?^---$/m, '')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/^#.*$/gm, '')
    .split(/\n\s*\n/);
}

test('where a lesson first uses a term, the English stands in the same paragraph', () => {
  const missing = globSync('content/zh-cn/*.mdx').flatMap((file) =>
    termsWithEnglish().flatMap(({ written, chinese, english }) => {
      const first = paragraphsOf(file).find((paragraph) => paragraph.includes(chinese));
      const [word = ''] = english.toLowerCase().split(' ');
      const hasEnglish = first?.toLowerCase().includes(word) ?? true;
      return hasEnglish
        ? []
        : [`${file}: "${first?.trim().slice(0, 40)}…" is the first with ${chinese}; write ${written}`];
    }),
  );
  assert.deepEqual(missing, [], `\n${missing.join('\n')}\n`);
});

test('and in brackets it stands once', () => {
  const repeated = globSync('content/zh-cn/*.mdx').flatMap((file) => {
    const text = paragraphsOf(file).join('\n');
    return termsWithEnglish()
      .filter(({ written }) => text.split(written).length > 2)
      .map(({ written, chinese }) => `${file}: ${written} more than once; write ${chinese} after the first time`);
  });
  assert.deepEqual(repeated, [], `\n${repeated.join('\n')}\n`);
});
