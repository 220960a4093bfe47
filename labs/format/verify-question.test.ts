import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { GOOD_LAB, writeLab } from './lab-fixture.ts';
import { loadLab } from './load-lab.ts';
import { loadPublicLab } from './public-lab.ts';

/** The line that is wrong, as mistakes.test.ts has it. */
const SHOWN_LINE = /\n {2,4}\d+ \| .*/g;

let labs: string;
beforeEach(() => {
  labs = mkdtempSync(join(tmpdir(), 'labs-'));
});
afterEach(() => rmSync(labs, { recursive: true }));

const QUESTIONS = `questions:
  who:
    text: { zh-cn: 谁, en: Who }
    choices:
      alice:
        text: { zh-cn: 她, en: She }
        wrong: { zh-cn: 不是她, en: Not she }
      root:
        text: { zh-cn: 它, en: It }
        right: { zh-cn: 是它, en: It is }
    answer: root
    expected: { zh-cn: 一个用户, en: A user }
    try: { zh-cn: 看, en: Look }
`;
const LAB = `${GOOD_LAB}${QUESTIONS}`;

/** What an author is told when `text` stands in place of `good`; empty when nothing is wrong. */
function complaint(good = '', text = '', files: Record<string, string> = {}): string {
  assert.ok(LAB.includes(good), `the lab has no ${good}`);
  try {
    loadLab(writeLab(labs, { 'try/lab.yaml': LAB.replace(good, text), ...files }));
    return '';
  } catch (error) {
    return error instanceof Error ? error.message.replace(SHOWN_LINE, '') : String(error);
  }
}

test('a question is read, and what ships with a page says nothing of what is right', () => {
  const [question] = loadLab(writeLab(labs, { 'try/lab.yaml': LAB })).questions;
  assert.deepEqual([question?.answer, question?.machine, question?.script], ['root', 'host', null]);
  assert.deepEqual(question?.choices?.[1]?.right, { 'zh-cn': '是它', en: 'It is' });
  assert.deepEqual(loadPublicLab('try', labs).questions, [
    {
      id: 'who',
      text: { 'zh-cn': '谁', en: 'Who' },
      choices: [
        { id: 'alice', text: { 'zh-cn': '她', en: 'She' } },
        { id: 'root', text: { 'zh-cn': '它', en: 'It' } },
      ],
    },
  ]);
});

test('a question has choices or is typed', () => {
  const typed = 'typed: { right: { zh-cn: 对, en: Yes }, wrong: { zh-cn: 错, en: No } }';
  const both = complaint('    answer: root', `    ${typed}\n    answer: root`);
  assert.match(both, /:32:3\n {2}Question who has either choices or typed, and exactly one of them\./);
  const withoutChoices = QUESTIONS.replace(/ {4}choices:[\s\S]*(?= {4}answer)/, '');
  assert.match(complaint(QUESTIONS, withoutChoices), /either choices or typed/);
  assert.equal(complaint(QUESTIONS, withoutChoices.replace('answer: root', `answer: root\n    ${typed}`)), '');
});

test('an answer that is no choice is told which there are', () => {
  assert.equal(
    complaint('answer: root', 'answer: rot').split('\n\n')[0],
    `labs/try/lab.yaml:41:5
  Question who has no choice "rot". It has alice, root.
  Write instead:
      answer: root`,
  );
});

test('whatever can become of a choice has its text', () => {
  assert.equal(
    complaint('        right: { zh-cn: 是它, en: It is }\n', ''),
    `labs/try/lab.yaml:38:7
  Choice "root" can be right, and has no text for that.
  Write instead:
      right:
        zh-cn: …
        en: …`,
  );
  assert.match(complaint('        wrong: { zh-cn: 不是她, en: Not she }\n', ''), /"alice" can be wrong/);
});

test('a question with a script is seen to have another answer, and every choice its two texts', () => {
  const script = { 'try/questions/who.sh': 'echo root\n' };
  const told = complaint('', '', script);
  assert.match(
    told,
    /The script of question who is never seen to say anything but "root"\. Add a mutant with another answer/,
  );
  assert.match(told, /"alice" can be right/);
  assert.match(told, /"root" can be wrong/);
  const mutants = '    mutants: { other: { lines: [{ alice: "true" }], answer: alice } }\n';
  const whole = QUESTIONS.replace('        wrong:', '        right: { zh-cn: 是, en: x }\n        wrong:')
    .replace('        right: { zh-cn: 是它', '        wrong: { zh-cn: 否, en: x }\n        right: { zh-cn: 是它')
    .concat(mutants);
  assert.equal(complaint(QUESTIONS, whole, script), '');
  rmSync(join(labs, 'try/questions'), { recursive: true });
  assert.match(complaint(QUESTIONS, whole), /Question who has one answer whatever the machine is like/);
  assert.match(complaint(QUESTIONS, whole.replace('{ alice:', '{ alcie:'), script), /There is no terminal "alcie"/);
});

test('a script that belongs to no question is an error', () => {
  assert.equal(
    complaint('', '', { 'try/questions/whom.sh': 'echo root\n' }),
    `labs/try/questions/whom.sh:1:1
  Nothing in lab.yaml asks for this script, so it is never run. Did you mean labs/try/questions/who.sh?
  Write instead:
      mv labs/try/questions/whom.sh labs/try/questions/who.sh   (a command)`,
  );
});
