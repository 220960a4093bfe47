import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadLab } from '../../labs/format/load-lab.ts';
import { missingFrom, outlineOf, readClaims, readLessons } from './fences.ts';

test('a block with a terminal is a claim, and the text block right behind it is its output', () => {
  const mdx =
    '```sh run=alice\nid\nls\n```\n\n```text\nuid=1\n```\n\n```sh run=olga\nw\n```\n\nProse.\n\n```text\nx\n```\n\n```sh\nnot run\n```\n';
  assert.deepEqual(readClaims(mdx), [
    { terminal: 'alice', commands: ['id', 'ls'], shown: ['uid=1'] },
    { terminal: 'olga', commands: ['w'], shown: [] },
  ]);
});

test('numbers, times and ids may differ, words may not', () => {
  const output = 'Dec  3 09:00:01 dock sudo[7]: olga\n/0123456789abcdef x\ne4c15b9d-8038-438d-bb98-b8400dcc5954\n';
  assert.deepEqual(missingFrom(output, ['3447baf1-1993-4838-8987-8fe2984932bf']), []);
  assert.deepEqual(missingFrom(output, ['Nov 23 21:58:39 dock sudo[1000]: olga', '/fedcba987654… x']), []);
  assert.deepEqual(missingFrom(output, ['Nov 23 21:58:39 dock sudo[1000]: alice']), [
    'Nov 23 21:58:39 dock sudo[1000]: alice',
  ]);
});

test('an outline has headings, code and tags in their order, and no prose', () => {
  const mdx =
    '---\ntitle: A\n---\n\nProse.\n\n## Why\n\n```sh run=alice\nid   # who am I\n```\n\n<Step id="look" />\n\n<Aside kind="tip" title="B">\n';
  assert.deepEqual(outlineOf(mdx), ['##', '```sh run=alice\nid\n```', '<Step id="look" />', '<Aside kind="tip"']);
});

test('cheat sheets and reference pages exist in both languages, with the same headings and code', () => {
  const pages = (locale: string) =>
    globSync(`content/${locale}/{sheets,reference}/*.mdx`)
      .map((file) => ({ page: file.slice(`content/${locale}`.length), outline: outlineOf(readFileSync(file, 'utf8')) }))
      .sort((one, other) => one.page.localeCompare(other.page));
  assert.ok(pages('en').length > 7);
  assert.deepEqual(pages('zh-cn'), pages('en'));
});

test('a lesson exists in both languages with the same commands, outputs, steps, questions and figures', () => {
  const lessons = readLessons();
  const chinese = lessons.filter(({ locale }) => locale === 'zh-cn');
  const english = lessons.filter(({ locale }) => locale === 'en');
  assert.deepEqual(chinese.map(({ id }) => id).sort(), english.map(({ id }) => id).sort());
  for (const { locale: _, ...lesson } of chinese) {
    const { locale: _other, ...other } = english.find(({ id }) => id === lesson.id) ?? assert.fail();
    assert.deepEqual(lesson, other, lesson.id);
  }
});

test('a lesson has every step of its lab, in order, and every command the solutions type', () => {
  for (const { id, locale, lab: labId, steps, claims } of readLessons()) {
    if (labId === undefined) continue;
    const lab = loadLab(`labs/${labId}`);
    assert.deepEqual(
      steps,
      lab.steps.map((step) => step.id),
      `${locale}/${id}`,
    );
    const shown = new Set(
      claims.flatMap(({ terminal, commands }) => commands.map((command) => `${terminal}: ${command}`)),
    );
    const typed = lab.steps.flatMap(({ solution }) =>
      solution.map(({ terminal, command }) => `${terminal}: ${command}`),
    );
    assert.deepEqual(
      typed.filter((line) => !shown.has(line)),
      [],
      `${locale}/${id} does not show`,
    );
  }
});
