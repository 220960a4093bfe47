import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublicLab } from '../../labs/format/lab.ts';
import { checkLessonAgainstLab } from './check-lesson.ts';

const text = { 'zh-cn': '', en: '' };
const step = {
  kind: 'attack',
  title: text,
  instruction: text,
  optional: false,
  hintCount: 0,
  checks: [],
  verdict: [],
} as const;
const lab: PublicLab = {
  id: 'docker-group',
  title: text,
  terminals: [{ id: 'alice', machine: 'host', user: 'alice' }],
  steps: [
    { id: 'look', ...step },
    { id: 'take-over', ...step },
  ],
  questions: [{ id: 'who', text, choices: null }],
};
const file = 'content/en/docker-group.mdx';
const good = '<Step id="look" />\n```sh run=alice\nid\n```\n<Step id="take-over" />\n<Question id="who" />';

function problemOf(source: string, against: PublicLab | null = lab): string {
  try {
    checkLessonAgainstLab({ file, source, lab: against });
    return '';
  } catch (error) {
    return String(error);
  }
}

test('a lesson that shows every step once is accepted', () => {
  assert.equal(problemOf(good), '');
});

test('a step that the lab does not have is refused with the ones it has', () => {
  assert.equal(
    problemOf(good.replace('look', 'lok')),
    'ContentProblem: content/en/docker-group.mdx: lab "docker-group" has no step "lok"\n  → use one of: look, take-over',
  );
});

test('a run button for a terminal that does not exist is refused', () => {
  assert.match(problemOf(good.replace('run=alice', 'run="bob"')), /has no terminal "bob"\n {2}→ use one of: alice$/);
});

test('a step that the lesson forgets is named', () => {
  assert.match(
    problemOf('<Step id="look" />'),
    /step "take-over" of lab "docker-group" is not shown\n {2}→ write <Step id="take-over" \/>/,
  );
});

test('a step shown twice is refused', () => {
  assert.match(problemOf(`${good}<Step id="look" />`), /step "look" appears twice/);
});

test('steps need a lab', () => {
  assert.match(problemOf(good, null), /<Step id="look"> needs a lab.*\n {2}→ add `lab: <id>`/);
  assert.equal(problemOf('Only prose.', null), '');
});

test('every question of the lab is shown, once, and no other', () => {
  assert.match(
    problemOf(good.replace('<Question id="who" />', '')),
    /question "who" of lab "docker-group" is not shown\n {2}→ write <Question id="who" \/>/,
  );
  assert.match(problemOf(`${good}<Question id="who" />`), /question "who" appears twice/);
  assert.match(problemOf(good.replace('"who"', '"whom"')), /has no question "whom"\n {2}→ use one of: who/);
  assert.match(problemOf('<Question id="who" />', null), /<Question id="who"> needs a lab/);
});
