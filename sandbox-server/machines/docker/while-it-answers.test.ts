import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whileItAnswers } from './while-it-answers.ts';

const PULSE_MS = 1;
const answering = { problem: async () => undefined };

test('what takes long is waited for while the engine answers', async () => {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<string>();
  const problem = async () => {
    asked += 1;
    if (asked === 3) resolve('done');
    return undefined;
  };
  assert.equal(await whileItAnswers({ problem }, promise, PULSE_MS), 'done');
});

test('what never ends is given up once the engine is silent', async () => {
  const problem = async () => 'It does not answer.';
  const work = new Promise<never>(() => {});
  await assert.rejects(whileItAnswers({ problem }, work, PULSE_MS), {
    code: 'engine-unreachable',
    message: 'It does not answer.',
  });
});

test('a failure is passed on as it is', async () => {
  const failure = new Error('full');
  await assert.rejects(whileItAnswers(answering, Promise.reject(failure), PULSE_MS), failure);
});
