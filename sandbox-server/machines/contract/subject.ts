import assert from 'node:assert/strict';
import type { Machine, MachineRecord, MachineTerminal, PersonalFile } from '../driver.ts';

/** One driver, as the contract's tests see it. */
export interface ContractSubject {
  readonly name: string;
  /** A fresh fork of one and the same template, whose first terminal has a shell at its prompt. */
  makeMachine(options?: { files?: readonly PersonalFile[]; signal?: AbortSignal }): Promise<Machine>;
  adopt(record: MachineRecord): Promise<Machine | undefined>;
  /** Called once after the last test. */
  dispose?(): PromiseLike<void>;
}

/** Of a script that should take no time at all. */
export const RUN_TIMEOUT_MS = 60_000;

export function firstTerminal(machine: Machine): MachineTerminal {
  const [terminal] = machine.terminals;
  assert.ok(terminal, 'the template of the contract has at least one terminal');
  return terminal;
}
