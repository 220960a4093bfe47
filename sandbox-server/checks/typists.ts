import type { LabLine } from '../../labs/format/lab.ts';
import type { MachineTerminal } from '../machines/driver.ts';
import { type Typed, Typist } from './typist.ts';

/** A container takes ten seconds under emulation, on a machine with nothing else to do. */
const LINE_TIMEOUT_MS = 180_000;

/** A person at all terminals of a lab's machines. Only terminals that are typed in are listened to. */
export class Typists {
  readonly #lab: string;
  readonly #terminals: readonly MachineTerminal[];
  readonly #typists = new Map<string, Typist>();

  constructor(lab: string, terminals: readonly MachineTerminal[]) {
    this.#lab = lab;
    this.#terminals = terminals;
  }

  /** Resolves when the line is finished, as LabLine defines it. */
  type(line: LabLine, signal: AbortSignal): Promise<Typed> {
    const deadline = AbortSignal.timeout(LINE_TIMEOUT_MS);
    return this.#typist(line.terminal).type(line, AbortSignal.any([signal, deadline]));
  }

  /** Logs in again where a shell has ended, and leaves an empty screen with a prompt wherever something was typed. */
  async leavePrompts(signal: AbortSignal): Promise<void> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(LINE_TIMEOUT_MS)]);
    for (const typist of this.#typists.values()) await typist.leavePrompt(deadline);
  }

  #typist(id: string): Typist {
    const known = this.#typists.get(id);
    if (known !== undefined) return known;
    const found = this.#terminals.find((terminal) => terminal.id === id);
    if (found === undefined) throw new Error(`Lab ${this.#lab} has no terminal "${id}".`);
    const typist = new Typist(found);
    this.#typists.set(id, typist);
    return typist;
  }
}
