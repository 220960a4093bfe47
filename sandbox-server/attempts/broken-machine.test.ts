import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttemptState, CheckState } from '../../protocol/state.ts';
import type { CrashKind } from '../machines/driver.ts';
import { IMPAIRED } from '../machines/fake/fake-impairments.ts';
import { startTestServer } from '../testing/test-server.ts';

const lineOf = ({ steps }: AttemptState): CheckState | undefined => steps[0]?.checks[0];

describe('a machine that its learner breaks', () => {
  it('is said to be broken, and so is every line that could not be asked, until it is put right', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    const { sandbox } = await page.running();
    const [machine] = server.driver.machines;
    machine?.files.set(IMPAIRED, 'system\n');
    page.send({ type: 'check', step: 'mark' });
    page.send({ type: 'answer', question: 'where', answer: 'here' });
    const broken = await page.stateWhere((state) => state.questions[0]?.obstacle !== undefined);
    assert.deepEqual(broken.impairments, [{ machine: 'host', kind: 'system', what: null }]);
    assert.deepEqual(lineOf(broken), { id: 'marked', status: 'errored', report: null, obstacle: 'system' });
    assert.equal(broken.questions[0]?.status, 'errored');
    machine?.files.delete(IMPAIRED);
    const whole = await page.stateWhere(({ impairments }) => impairments.length === 0);
    assert.notEqual(lineOf(whole)?.status, 'errored');
    const asked = await page.stateWhere((state) => lineOf(state)?.status === 'failed');
    assert.equal(asked.sandbox?.id, sandbox?.id, 'nobody had to press a button');
  });

  it('has a verdict that could not be tried tried again, too, once it is put right', async () => {
    const sick = { status: 2, timedOut: false, stdout: '', stderr: 'no room', truncated: false };
    await using server = await startTestServer({
      // The scripts of a verdict begin so in the test lab.
      driver: {
        answer: ({ script }, { files }) => (script.includes('true; true;') && files.has('/sick') ? sick : undefined),
      },
    });
    const page = await server.browser().open();
    await page.running();
    const [machine] = server.driver.machines;
    const door = ({ steps }: AttemptState) => steps.find(({ id }) => id === 'door');
    for (const path of ['/mark', '/asked', '/sick']) machine?.files.set(path, '');
    machine?.files.delete('/door');
    machine?.files.set(IMPAIRED, 'full /\n');
    page.send({ type: 'check', step: 'door' });
    const stuck = await page.stateWhere((state) => door(state)?.verdict[0]?.obstacle !== undefined);
    assert.deepEqual([door(stuck)?.verdict[0]?.status, door(stuck)?.earned], ['errored', false]);
    machine?.files.delete('/sick');
    machine?.files.delete(IMPAIRED);
    await page.stateWhere((state) => door(state)?.earned === true);
  });

  it('whose disk is full says so after a command, and no longer once there is room', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    await page.running();
    page.type('alice', 'echo full / >/impaired\r');
    const { impairments } = await page.stateWhere((state) => state.impairments.length > 0);
    assert.deepEqual(impairments, [{ machine: 'host', kind: 'full', what: '/' }]);
    page.type('alice', 'rm /impaired\r');
    await page.stateWhere((state) => state.impairments.length === 0);
  });

  it('that could not be asked for a reason of ours says nothing of the machine', async () => {
    const answer = () => ({ status: 3, timedOut: false, stdout: '', stderr: 'a defect', truncated: false });
    await using server = await startTestServer({ driver: { answer } });
    const page = await server.browser().open();
    await page.running();
    page.send({ type: 'check', step: 'mark' });
    const state = await page.stateWhere((one) => lineOf(one)?.status === 'errored');
    assert.deepEqual([lineOf(state)?.obstacle, state.impairments], [undefined, []]);
  });

  it('is as good as new after a reset', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open();
    const { sandbox } = await page.running();
    page.type('alice', 'echo system >/impaired\r');
    await page.stateWhere((state) => state.impairments.length > 0);
    page.send({ type: 'reset' });
    const fresh = await page.stateWhere((state) => state.phase.kind === 'running' && state.sandbox?.id !== sandbox?.id);
    assert.deepEqual(fresh.impairments, []);
  });

  for (const kind of ['shut-down', 'restarted', 'kernel', 'agent', 'lost'] satisfies CrashKind[]) {
    it(`and that ends of it has ended as "${kind}", for pages that come later too`, async () => {
      await using server = await startTestServer();
      const browser = server.browser();
      const page = await browser.open();
      await page.running();
      const [machine] = server.driver.machines;
      if (kind === 'shut-down') page.type('alice', 'poweroff\r');
      else machine?.kill('by a test', kind);
      const { phase } = await page.stateWhere((state) => state.phase.kind === 'ended');
      assert.deepEqual(phase, { kind: 'ended', reason: kind });
      const later = await browser.open({ resume: page.resume });
      assert.deepEqual((await later.stateWhere(() => true)).phase, phase);
    });
  }
});
