import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadLab } from '../../labs/format/load-lab.ts';
import { LOCALES } from '../../protocol/text.ts';
import { CHAPTER_COMMANDS, CHAPTER_LINK, CHAPTER_WARNING } from './chapter-commands.ts';
import { readLessons } from './fences.ts';

const lessonIn = (id: string, locale: string) =>
  readLessons().find((lesson) => lesson.id === id && lesson.locale === locale) ?? assert.fail(`no ${locale}/${id}`);

test('every command of the chapter stands in a block that is run, to the letter, in both languages', () => {
  for (const { command, lesson, terminal, doneAfter = command } of CHAPTER_COMMANDS) {
    for (const locale of LOCALES) {
      const typed = lessonIn(lesson, locale).claims.filter((claim) => claim.terminal === terminal);
      const lines = typed.flatMap(({ commands }) => commands);
      assert.ok(lines.includes(command), `${locale}/${lesson} does not run, as ${terminal}: ${command}`);
      assert.ok(lines.indexOf(doneAfter) >= lines.indexOf(command), `${locale}/${lesson}: ${doneAfter}`);
    }
  }
});

test('every command of the chapter is part of a solution, which is typed before the goals of its step are asked', () => {
  for (const { command, lesson, terminal } of CHAPTER_COMMANDS) {
    const lab = loadLab(`labs/${lessonIn(lesson, 'en').lab}`);
    const step = lab.steps.find(({ solution }) =>
      solution.some((line) => line.terminal === terminal && line.command === command),
    );
    assert.ok(step, `no solution of ${lesson} types: ${command}`);
    const goals = step.checks.filter(({ kind }) => kind === 'goal');
    assert.ok(goals.length > 0, `${lesson} ${step.id} has no goal`);
  }
});

test('every command of the chapter says how one sees that it worked', () => {
  for (const { command, prints, did, asked } of CHAPTER_COMMANDS) assert.ok(prints ?? did ?? asked, command);
});

test('the daemon that the chapter warns of is the one that the lab has, and the lesson brings to light', () => {
  const { argument, lesson, terminal, line } = CHAPTER_WARNING;
  for (const locale of LOCALES) {
    assert.ok(readFileSync(`content/${locale}/${lesson}.mdx`, 'utf8').includes(`\`${argument}\``), locale);
    const { claims } = lessonIn(lesson, locale);
    assert.ok(claims.some((claim) => claim.terminal === terminal && claim.commands.includes(line)));
  }
});

test('the page that the chapter sends its readers to is linked where they need it', () => {
  for (const locale of LOCALES) {
    const text = readFileSync(`content/${locale}/${CHAPTER_LINK.lesson}.mdx`, 'utf8');
    assert.ok(text.includes(`](${CHAPTER_LINK.url})`), locale);
  }
});
