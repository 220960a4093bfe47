import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Machine } from '../driver.ts';
import { TerminalTap } from '../terminal-tap.ts';
import { type ContractSubject, firstTerminal, RUN_TIMEOUT_MS } from './subject.ts';

export function describePause({ makeMachine, adopt }: ContractSubject): void {
  const ways: [string, (machine: Machine) => unknown][] = [
    ['resume()', (machine) => machine.resume()],
    ['a script', (machine) => machine.run({ script: 'true', timeoutMs: RUN_TIMEOUT_MS })],
    ['a key', (machine) => firstTerminal(machine).write(0, Buffer.from('a'))],
    ['a size', (machine) => firstTerminal(machine).resize(100, 30)],
    ['a login', (machine) => firstTerminal(machine).login()],
  ];
  it('is paused until something is asked of it', async () => {
    await using machine = await makeMachine();
    for (const [way, ask] of ways) {
      await machine.pause();
      assert.equal(machine.isPaused, true);
      const asked = ask(machine);
      assert.equal(machine.isPaused, false, way);
      await asked;
      await machine.resume();
    }
  });

  it('loses nothing that is typed while it is paused', async () => {
    await using machine = await makeMachine();
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.seen(/[$#] /);
    await machine.pause();
    await tap.type('echo wo""ken\r');
    await tap.seen(/^woken\r?$/m);
  });

  it('is not paused while a script runs', async () => {
    await using machine = await makeMachine();
    const result = machine.run({ script: 'sleep 1; echo done', timeoutMs: RUN_TIMEOUT_MS });
    await machine.pause();
    assert.equal(machine.isPaused, false);
    assert.equal((await result).stdout, 'done\n');
    await machine.pause();
    assert.equal(machine.isPaused, true);
  });

  it('is adopted when it was left paused, and runs', async () => {
    const machine = await makeMachine();
    machine.liveUntil(Date.now() + 3_600_000);
    const tap = new TerminalTap(firstTerminal(machine));
    await tap.type('echo be""fore\r');
    await tap.seen(/^before\r?$/m);
    await machine.pause();
    machine.release();
    await using adopted = await adopt(machine.record);
    assert.ok(adopted);
    assert.equal(adopted.isPaused, false);
    const { stdout } = await adopted.run({ script: 'echo awake', timeoutMs: RUN_TIMEOUT_MS });
    assert.equal(stdout, 'awake\n');
  });
}
