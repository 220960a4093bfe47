import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MachineEndedError } from '../errors.ts';
import type { RunRequest, RunResult } from '../machines/driver.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { type AskOptions, ask } from './ask.ts';

const QUESTION = TEST_LAB.steps[0]!.checks[0]!;

function asking(result: Partial<RunResult>, requests: RunRequest[] = []): AskOptions {
  return {
    kit: '# the kit',
    secrets: new Map([['door-key', 'key-1']]),
    timeoutMs: 1_000,
    run: async (_machine, request) => {
      requests.push(request);
      return { status: 0, timedOut: false, stdout: '', stderr: '', truncated: false, ...result };
    },
  };
}

describe('asking a check', () => {
  it('rejects when the machine ended, or whoever asks gave up', async () => {
    const ended = new MachineEndedError('s1-0', 'crashed');
    await assert.rejects(ask(QUESTION, { ...asking({}), run: () => Promise.reject(ended) }), ended);
    const signal = AbortSignal.abort(new Error('given up'));
    await assert.rejects(
      ask(QUESTION, { ...asking({}), signal, run: () => Promise.reject(signal.reason) }),
      /given up/,
    );
  });

  it('hands the script the kit before it and the sandbox’s secrets', async () => {
    const requests: RunRequest[] = [];
    await ask(QUESTION, asking({}, requests));
    assert.deepEqual(requests, [
      { script: `# the kit\n${QUESTION.script}`, env: { DRYDOCK_SECRET_DOOR_KEY: 'key-1' }, timeoutMs: 1_000 },
    ]);
  });

  it('status 0 has passed, whatever it printed', async () => {
    assert.deepEqual(await ask(QUESTION, asking({ stdout: 'Nothing to say' })), {
      status: 'passed',
      answer: undefined,
    });
  });

  it('status 1 with one of the lab’s messages has failed, in both languages, with the evidence put in', async () => {
    const outcome = await ask(QUESTION, asking({ status: 1, stdout: 'missing path=/mark\n' }));
    assert.ok(outcome.status === 'failed');
    assert.deepEqual(outcome.report, {
      expected: { 'zh-cn': '/mark exists（中）', en: '/mark exists' },
      seen: { 'zh-cn': 'there is no /mark（中）', en: 'there is no /mark' },
      try: { 'zh-cn': 'touch /mark（中）', en: 'touch /mark' },
    });
  });

  it('shows evidence as text: a value with braces is not filled in again', async () => {
    const outcome = await ask(QUESTION, asking({ status: 1, stdout: 'missing path="{path}"' }));
    assert.ok(outcome.status === 'failed');
    assert.equal(outcome.report.seen.en, 'there is no {path}');
  });

  it('puts an ellipsis where evidence is lacking', async () => {
    const outcome = await ask(QUESTION, asking({ status: 1, stdout: 'missing' }));
    assert.ok(outcome.status === 'failed');
    assert.equal(outcome.report.seen.en, 'there is no …');
  });

  it('is never held against the learner when the script itself is at fault', async () => {
    const detailOf = async (result: Partial<RunResult>) => {
      const outcome = await ask(QUESTION, asking(result));
      assert.equal(outcome.status, 'errored');
      return 'detail' in outcome ? outcome.detail : undefined;
    };
    assert.equal(await detailOf({ status: 2, stderr: 'no daemon\n' }), 'exit status 2: no daemon');
    assert.equal(await detailOf({ status: 127, stdout: 'odd' }), 'exit status 127: odd');
    assert.equal(await detailOf({ status: null }), 'exit status null: ');
    assert.equal(await detailOf({ status: null, timedOut: true }), 'no answer within 1 s');
    assert.equal(await detailOf({ status: 1, stdout: 'What?' }), 'status 1 without a message: What?');
    assert.equal(await detailOf({ status: 1, stdout: 'toString' }), 'status 1 without a message: toString');
    const outcome = await ask(QUESTION, { ...asking({}), run: () => Promise.reject(new Error('the agent is busy')) });
    assert.deepEqual(outcome, { status: 'errored', detail: 'Error: the agent is busy' });
    assert.equal(await detailOf({ status: 1, stdout: 'constructor' }), 'the lab has no message "constructor"');
  });
});
