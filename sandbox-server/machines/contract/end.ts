import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MachineEndedError } from '../../errors.ts';
import { type ContractSubject, firstTerminal, RUN_TIMEOUT_MS } from './subject.ts';

export function describeEnd({ makeMachine }: ContractSubject): void {
  it('keeps the first cause of its end, and disposing twice is harmless', async () => {
    const machine = await makeMachine();
    await machine[Symbol.asyncDispose]();
    await machine[Symbol.asyncDispose]();
    assert.deepEqual(await machine.ended, { cause: 'disposed' });
    await assert.rejects(machine.run({ script: 'true', timeoutMs: RUN_TIMEOUT_MS }), MachineEndedError);
  });

  it('says "crashed" when the guest powers off, and rejects the script that was running', async () => {
    await using machine = await makeMachine();
    const running = machine.run({ script: 'poweroff -ff; sleep 300', timeoutMs: RUN_TIMEOUT_MS });
    await assert.rejects(running, MachineEndedError);
    const end = await machine.ended;
    assert.deepEqual({ ...end, detail: '' }, { cause: 'crashed', kind: 'shut-down', detail: '' });
    await machine[Symbol.asyncDispose]();
    assert.equal(await machine.ended, end);
  });

  it('takes input, acknowledgements and sizes after its end without complaint', async () => {
    const machine = await makeMachine();
    const terminal = firstTerminal(machine);
    await machine[Symbol.asyncDispose]();
    terminal.write(0, Buffer.from('echo\r'));
    terminal.acknowledge(0);
    terminal.resize(100, 30);
    terminal.login();
  });
}
