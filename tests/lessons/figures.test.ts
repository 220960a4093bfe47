import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { LOCALES } from '../../protocol/text.ts';
import { CURRICULUM } from '../../src/curriculum.ts';
import { FIGURES } from '../../src/figures/figures.ts';
import { readLessons } from './fences.ts';

const FOLDER = 'src/figures';
/** Everything that draws; the words are in texts/. */
const DRAWINGS = globSync(`${FOLDER}/**/*.astro`);

const fileOf = (id: string) =>
  `${FOLDER}/${id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}.astro`;

/** What stands between the tags of a component, and in the attributes that are shown, without expressions. */
function wordsIn(component: string): string[] {
  let markup = component.replace(/^---\n[\s\S]*?^---$/m, '');
  for (let inner = ''; inner !== markup; ) [inner, markup] = [markup, markup.replaceAll(/\{[^{}]*\}/g, '')];
  const attributes = [...markup.matchAll(/\b(?:text|title|aria-label|alt)="([^"]*)"/g)].map(([, words = '']) => words);
  const between = markup.replaceAll(/<!--[\s\S]*?-->|<[^<>]*>/g, '\n').split('\n');
  return [...attributes, ...between].map((words) => words.trim()).filter((words) => words !== '');
}

test('every figure stands in one lesson, in the order of the curriculum; the other language shows the same', () => {
  for (const locale of LOCALES) {
    const lessons = readLessons().filter((lesson) => lesson.locale === locale);
    const shown = CURRICULUM.flatMap(({ id }) => lessons.find((lesson) => lesson.id === id)?.figures ?? []);
    assert.deepEqual(shown, Object.keys(FIGURES), locale);
  }
});

test('every word of a figure is in both languages, and drawn', () => {
  for (const [id, texts] of Object.entries(FIGURES)) {
    const drawing = readFileSync(fileOf(id), 'utf8');
    const labels = Object.keys(texts.en).sort();
    assert.deepEqual(Object.keys(texts['zh-cn']).sort(), labels, id);
    const undrawn = labels.filter((label) => label !== 'caption' && !drawing.includes(`text.${label}`));
    assert.deepEqual(undrawn, [], `${id} has words that ${basename(fileOf(id))} does not draw`);
    for (const locale of LOCALES)
      for (const [label, words] of Object.entries(texts[locale])) assert.notEqual(words.trim(), '', `${id} ${label}`);
  }
});

test('no figure has words of its own: all of them come from its texts', () => {
  assert.ok(DRAWINGS.length > Object.keys(FIGURES).length);
  for (const file of DRAWINGS) assert.deepEqual(wordsIn(readFileSync(file, 'utf8')), [], file);
});

test('words in a drawing are found, between tags and in attributes', () => {
  const drawing = '---\nconst a = 1;\n---\n<Box x={1} text="root" /><b>{text.a} of {f({ b: 1 })}</b>{a && <i>x</i>}\n';
  assert.deepEqual(wordsIn(drawing), ['root', 'of']);
});

test('Chinese is set as Chinese: full-width punctuation, a space before and after Latin', () => {
  for (const texts of Object.values(FIGURES)) {
    for (const words of Object.values(texts['zh-cn'])) {
      assert.doesNotMatch(words, /\p{Script=Han}[,;:!?]|\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u);
    }
  }
});
