import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MachineEndedError } from '../errors.ts';
import type { RunRequest, RunResult } from '../machines/driver.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import type { AskOptions } from './ask.ts';
import { mark } from './mark.ts';

const [WHERE, HOW_MANY] = TEST_LAB.questions;

function asking(result: Partial<RunResult>, requests: RunRequest[] = []): AskOptions {
  return {
    ...{ kit: '# the kit', secrets: new Map([['door-key', 'key-1']]), timeoutMs: 1_000 },
    run: async (_machine, request) => {
      requests.push(request);
      return { status: 0, timedOut: false, stdout: '', stderr: '', truncated: false, ...result };
    },
  };
}

describe('marking an answer', () => {
  it('holds it against what the machine says is right now', async () => {
    const requests: RunRequest[] = [];
    assert.deepEqual(await mark(WHERE!, 'there', asking({ stdout: 'there\n' }, requests)), { status: 'right' });
    assert.deepEqual(await mark(WHERE!, 'here', asking({ stdout: 'there\n' })), { status: 'wrong' });
    const env = { DRYDOCK_SECRET_DOOR_KEY: 'key-1' };
    assert.deepEqual(requests, [{ script: `# the kit\n${WHERE!.script}`, env, timeoutMs: 1_000 }]);
  });

  it('asks no machine where one answer is always right', async () => {
    const requests: RunRequest[] = [];
    assert.deepEqual(await mark(HOW_MANY!, '660', asking({}, requests)), { status: 'right' });
    assert.deepEqual(await mark(HOW_MANY!, '600', asking({}, requests)), { status: 'wrong' });
    assert.deepEqual(requests, []);
  });

  it('takes what was typed as a person means it, and any form of it that the script prints', async () => {
    for (const typed of [' 660 ', '６６０'])
      assert.deepEqual(await mark(HOW_MANY!, typed, asking({})), { status: 'right' });
    const typed = { ...HOW_MANY!, script: 'stat' };
    const said = asking({ stdout: '\n0660\n660\nroot  docker\n' });
    for (const answer of ['0660', '660', 'Root docker'])
      assert.equal((await mark(typed, answer, said)).status, 'right');
    assert.equal((await mark(typed, '66', said)).status, 'wrong');
  });

  it('is not held against the learner when the script knows nothing', async () => {
    const detailOf = async (result: Partial<RunResult>) => {
      const marked = await mark(WHERE!, 'here', asking(result));
      assert.ok(marked.status === 'errored');
      return marked.detail;
    };
    assert.equal(await detailOf({ status: 2, stderr: 'no daemon\n' }), 'exit status 2: no daemon');
    assert.equal(await detailOf({ stdout: ' \n' }), 'it printed no answer');
    assert.equal(await detailOf({ stdout: 'nowhere\n' }), 'there is no choice "nowhere"');
    assert.equal(await detailOf({ status: null, timedOut: true }), 'no answer within 1 s');
    const ended = new MachineEndedError('s1-0', 'crashed');
    await assert.rejects(mark(WHERE!, 'here', { ...asking({}), run: () => Promise.reject(ended) }), ended);
  });
});
