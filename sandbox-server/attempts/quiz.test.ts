import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mark } from '../checks/mark.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { Quiz } from './quiz.ts';
import type { StoredAnswer } from './store.ts';

class Bench {
  readonly kept: StoredAnswer[] = [];
  changes = 0;
  readonly quiz: Quiz;

  constructor(answers: readonly StoredAnswer[] = []) {
    const keep = (answer: StoredAnswer) => this.kept.push(answer);
    this.quiz = new Quiz({ lab: () => TEST_LAB, answers, keep, onChange: () => (this.changes += 1) });
  }

  /** Answers, and has it marked. */
  async answer(question: string, answer: string, marked: Mark): Promise<void> {
    this.quiz.answer(question, answer, async () => marked);
    await new Promise(setImmediate);
  }

  state(id: string) {
    return this.quiz.states().find((state) => state.id === id);
  }
}

const text = (en: string) => ({ 'zh-cn': `${en}（中）`, en });

describe('a quiz', () => {
  it('is unanswered at first, and says nothing of what is right', () => {
    assert.deepEqual(new Bench().quiz.states(), [
      { id: 'where', status: 'pending', answer: null, report: null },
      { id: 'how-many', status: 'pending', answer: null, report: null },
    ]);
  });

  it('shows a wrong answer with what was expected, why it is wrong, and what to try', async () => {
    const bench = new Bench();
    await bench.answer('where', 'there', { status: 'wrong' });
    const report = { expected: text('a place'), seen: text('not there'), try: text('look around') };
    assert.deepEqual(bench.state('where'), { id: 'where', status: 'failed', answer: 'there', report });
    assert.deepEqual(bench.kept, [{ question: 'where', answer: 'there', isRight: false }]);
    assert.equal(bench.changes, 2);
  });

  it('shows a right answer with its reason, and takes no other after it', async () => {
    const bench = new Bench();
    await bench.answer('how-many', '66', { status: 'wrong' });
    assert.equal(bench.state('how-many')?.report?.seen.en, 'not 66');
    await bench.answer('how-many', '660', { status: 'right' });
    const right = { id: 'how-many', status: 'passed', answer: '660', report: null, because: text('yes, 660') };
    assert.deepEqual(bench.state('how-many'), right);
    bench.quiz.answer('how-many', '1', () => assert.fail('it is settled'));
    assert.deepEqual(bench.state('how-many'), right);
  });

  it('marks one answer to a question at a time', async () => {
    const bench = new Bench();
    const marking = Promise.withResolvers<Mark>();
    bench.quiz.answer('where', 'here', () => marking.promise);
    assert.deepEqual(bench.state('where'), { id: 'where', status: 'running', answer: 'here', report: null });
    bench.quiz.answer('where', 'there', () => assert.fail('one is being marked'));
    marking.resolve({ status: 'right' });
    await new Promise(setImmediate);
    assert.equal(bench.state('where')?.status, 'passed');
  });

  it('holds nothing against the learner when an answer could not be marked, or the machine ended over it', async () => {
    const bench = new Bench([{ question: 'where', answer: 'there', isRight: false }]);
    await bench.answer('where', 'here', { status: 'errored', detail: 'no daemon' });
    assert.deepEqual(bench.state('where'), { id: 'where', status: 'errored', answer: 'here', report: null });
    bench.quiz.answer('how-many', '660', () => Promise.reject(new Error('the machine ended')));
    await new Promise(setImmediate);
    assert.equal(bench.state('how-many')?.status, 'errored');
    assert.deepEqual(bench.kept, []);
    await bench.answer('where', 'here', { status: 'right' });
    assert.equal(bench.state('where')?.status, 'passed');
  });

  it('knows what was answered before, but for choices that the lab has no more', async () => {
    const bench = new Bench([
      { question: 'where', answer: 'elsewhere', isRight: true },
      { question: 'how-many', answer: '660', isRight: true },
      { question: 'of-another-time', answer: 'x', isRight: true },
    ]);
    assert.deepEqual(
      bench.quiz.states().map(({ status }) => status),
      ['pending', 'passed'],
    );
    await bench.answer('where', 'here', { status: 'right' });
    assert.equal(bench.state('where')?.status, 'passed');
  });

  it('refuses questions and choices that there are not', () => {
    const { quiz } = new Bench();
    const unwanted = () => assert.fail('it is no question');
    assert.throws(() => quiz.answer('why', 'here', unwanted), { code: 'question-unknown' });
    assert.throws(() => quiz.answer('where', 'elsewhere', unwanted), { code: 'question-unknown' });
  });

  it('shows what was typed as text on one line', async () => {
    const bench = new Bench();
    await bench.answer('how-many', 'a\u001b[2Jb\n{answer}', { status: 'wrong' });
    assert.equal(bench.state('how-many')?.report?.seen.en, 'not a [2Jb {answer}');
  });
});
