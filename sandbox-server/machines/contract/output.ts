import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TERMINAL_WINDOW_BYTES } from '../driver.ts';
import { TerminalTap } from '../terminal-tap.ts';
import { consecutive, numberLines } from './consecutive-lines.ts';
import { type ContractSubject, firstTerminal, RUN_TIMEOUT_MS } from './subject.ts';

export function describeOutput({ makeMachine }: ContractSubject): void {
  it('has a prompt waiting in its terminal, from offset 0, before anybody types', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.seen(/[$#] /);
    assert.equal(tap.firstOffset, 0);
  });

  it('begins where a listener says that it is', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine), { from: 5 });
    await tap.seen(/[$#] /);
    assert.equal(tap.firstOffset, 5);
  });

  it('numbers bulk output without a gap and loses none of it', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.type('seq 30000; echo do""ne\r');
    await tap.seen(/^done\r?$/m);
    assert.deepEqual(numberLines(tap.text), consecutive(30_000));
  });

  it('stops at the window until output is acknowledged, and then goes on where it stopped', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine), { acknowledge: false });
    await tap.type('seq 60000; echo do""ne\r');
    await tap.received(TERMINAL_WINDOW_BYTES / 2);
    for (let round = 0; round < 3; round += 1) await machine.run({ script: 'true', timeoutMs: RUN_TIMEOUT_MS });
    assert.ok(tap.end <= TERMINAL_WINDOW_BYTES, `${tap.end} bytes came without one being acknowledged`);
    tap.acknowledgeFromNowOn();
    await tap.seen(/^done\r?$/m);
    assert.ok(tap.mostUnacknowledged <= TERMINAL_WINDOW_BYTES, `${tap.mostUnacknowledged} bytes were unacknowledged`);
    assert.deepEqual(numberLines(tap.text), consecutive(60_000));
  });

  it('lets a flood be interrupted although nobody reads it', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine), { acknowledge: false });
    await tap.type('seq 100000000\r');
    await tap.received(TERMINAL_WINDOW_BYTES / 2);
    await tap.type('\x03');
    tap.acknowledgeFromNowOn();
    await tap.type('echo qui""et\r');
    await tap.seen(/^quiet\r?$/m);
  });
}
