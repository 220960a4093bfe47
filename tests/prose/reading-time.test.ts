import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { readingMinutes } from '../../src/lessons/reading-time.ts';

/** Beside twenty minutes at the machine, more than this would be a chapter and not a lesson. */
const LONGEST_MINUTES = 15;
const SHORTEST_MINUTES = 3;
/** The same lesson takes readers of either language about as long; more apart, and one of them lacks something. */
const APART_MINUTES = 3;

const LESSONS = globSync('content/en/*.mdx').map((file) => basename(file, '.mdx'));

function minutesOf(language: string, lesson: string): number {
  return readingMinutes(readFileSync(`content/${language}/${lesson}.mdx`, 'utf8'));
}

for (const lesson of LESSONS) {
  test(`${lesson} takes a lesson’s time to read, and about the same in both languages`, () => {
    const [zh, en] = [minutesOf('zh-cn', lesson), minutesOf('en', lesson)];
    for (const minutes of [zh, en]) {
      assert.ok(minutes >= SHORTEST_MINUTES && minutes <= LONGEST_MINUTES, `zh-cn ${zh} min, en ${en} min`);
    }
    assert.ok(Math.abs(zh - en) <= APART_MINUTES, `zh-cn ${zh} min, en ${en} min`);
  });
}
