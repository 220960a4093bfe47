import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TerminalTap } from '../terminal-tap.ts';
import { type ContractSubject, firstTerminal } from './subject.ts';

export function describeInput({ makeMachine }: ContractSubject): void {
  it('applies input once, however often it is repeated', async () => {
    await using machine = await makeMachine();
    const terminal = firstTerminal(machine);
    const tap = new TerminalTap(terminal);
    const line = Buffer.from('echo on""ce\r');
    terminal.write(0, line.subarray(0, 6));
    terminal.write(0, line);
    terminal.write(3, line.subarray(3));
    await tap.applied(line.length);
    assert.equal(terminal.inputApplied, line.length);
    // What is typed while a command runs is echoed into the middle of what it prints, even before the end of a line.
    await tap.seen(/^once\r?\n/m);
    terminal.write(0, line);
    tap.continueInputAt(line.length);
    await tap.type('echo la""st\r');
    await tap.seen(/^last\r?$/m);
    assert.equal(tap.text.match(/^once\r?\n/gm)?.length, 1);
  });

  it('says when the shell has ended, and starts another one on login', async () => {
    await using machine = await makeMachine();
    const terminal = firstTerminal(machine);
    const tap = new TerminalTap(terminal);
    await tap.type('exit\r');
    await tap.status('closed');
    assert.equal(terminal.status, 'closed');
    terminal.login();
    await tap.status('open');
    await tap.type('echo ba""ck\r');
    await tap.seen(/^back\r?$/m);
    assert.equal(terminal.status, 'open');
  });
}
