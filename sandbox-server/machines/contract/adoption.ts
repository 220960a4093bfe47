import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MachineEndedError } from '../../errors.ts';
import type { Machine } from '../driver.ts';
import { TerminalTap } from '../terminal-tap.ts';
import { consecutive, numberLines } from './consecutive-lines.ts';
import { type ContractSubject, firstTerminal, RUN_TIMEOUT_MS } from './subject.ts';

export function describeAdoption({ makeMachine, adopt }: ContractSubject): void {
  const inAnHour = () => Date.now() + 3_600_000;

  async function takeOver(machine: Machine): Promise<Machine> {
    // As a store keeps it.
    const record = JSON.parse(JSON.stringify(machine.record));
    machine.release();
    assert.deepEqual(await machine.ended, { cause: 'released' });
    const adopted = await adopt(record);
    assert.ok(adopted, 'a machine that was left is found again');
    return adopted;
  }

  it('goes on when it is left, and is adopted with every byte, and input numbered on', async () => {
    const machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.type('seq 20000; echo fi""rst\r');
    await tap.received(1_000);
    const [text, end] = [tap.text, tap.end];
    await using adopted = await takeOver(machine);
    const terminal = firstTerminal(adopted);
    assert.equal(terminal.inputApplied, 'seq 20000; echo fi""rst\r'.length);
    const next = new TerminalTap(terminal, { from: end });
    // Typed earlier, it would be echoed into the middle of a line: even before the line's end.
    if (!/^first\r?\n/m.test(text)) await next.seen(/^first\r?\n/m);
    await next.type('echo la""st\r');
    await next.seen(/^last\r?$/m);
    assert.equal(next.firstOffset, end);
    assert.deepEqual(numberLines(text + next.text), consecutive(20_000));
    assert.equal((text + next.text).match(/^first\r?$/gm)?.length, 1);
  });

  it('keeps what was not acknowledged for whoever adopts it, however often it is left', async () => {
    let machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const before = new TerminalTap(firstTerminal(machine), { acknowledge: false });
    await before.type('echo ke""pt\r');
    await before.seen(/^kept\r?$/m);
    for (let round = 0; round < 3; round += 1) machine = await takeOver(machine);
    await using last = machine;
    const tap = new TerminalTap(firstTerminal(last));
    await tap.seen(/^kept\r?$/m);
    assert.equal(tap.firstOffset, 0);
  });

  it('says where what it still has begins, for whoever lost the rest', async () => {
    const machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const before = new TerminalTap(firstTerminal(machine));
    await before.type('seq 1000; echo go""ne\r');
    await before.seen(/^gone\r?$/m);
    await using adopted = await takeOver(machine);
    const terminal = firstTerminal(adopted);
    const { outputStart, outputEnd } = terminal;
    assert.ok(outputEnd >= before.end);
    assert.ok(outputStart > 0 && outputStart <= before.end);
    const tap = new TerminalTap(terminal);
    await tap.type('echo he""re\r');
    await tap.seen(/^here\r?$/m);
    assert.equal(tap.firstOffset, outputStart);
  });

  it('says of an adopted machine whether its shell has ended', async () => {
    const machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.type('exit\r');
    await tap.status('closed');
    await using adopted = await takeOver(machine);
    assert.equal(firstTerminal(adopted).status, 'closed');
  });

  it('stops the script that ran when it was left, and answers only those of who adopted it', async () => {
    const machine = await makeMachine();
    machine.liveUntil(inAnHour());
    const left = machine.run({ script: 'echo old; sleep 300', timeoutMs: RUN_TIMEOUT_MS });
    setImmediate(() => machine.release());
    await assert.rejects(left, MachineEndedError);
    await using adopted = await takeOver(machine);
    const result = await adopted.run({ script: 'echo new', timeoutMs: RUN_TIMEOUT_MS });
    assert.deepEqual([result.status, result.stdout], [0, 'new\n']);
  });

  it('ends at its time', async () => {
    await using machine = await makeMachine();
    machine.liveUntil(Date.now() + 1_000);
    assert.equal((await machine.ended).cause, 'crashed');
    assert.equal(await adopt(machine.record), undefined);
  });

  it('is not adopted when it is over, nor by a record of something else', async () => {
    const machine = await makeMachine();
    await machine[Symbol.asyncDispose]();
    assert.equal(await adopt(machine.record), undefined);
    assert.equal(await adopt({ ...machine.record, id: 'another' }), undefined);
    assert.equal(await adopt({}), undefined);
  });
}
