import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MachineEndedError } from '../../errors.ts';
import { type ContractSubject, RUN_TIMEOUT_MS } from './subject.ts';

export function describeVitals({ makeMachine }: ContractSubject): void {
  it('answers while a script runs, and finds nothing wrong with a fresh machine', async () => {
    await using machine = await makeMachine();
    const running = machine.run({ script: 'sleep 2', timeoutMs: RUN_TIMEOUT_MS });
    let isOver = false;
    void running.then(() => {
      isOver = true;
    });
    await machine.answers();
    assert.ok(!isOver);
    assert.deepEqual(await machine.examine(), []);
    await running;
  });

  it('gives up a question when asked to, and all of them when the machine ends', async () => {
    const machine = await makeMachine();
    await assert.rejects(machine.answers(AbortSignal.abort(new Error('no more'))), /no more/);
    await machine[Symbol.asyncDispose]();
    await assert.rejects(machine.answers(), MachineEndedError);
    assert.equal(await machine.examine(), undefined);
  });
}
