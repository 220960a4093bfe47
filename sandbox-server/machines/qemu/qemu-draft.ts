import type { DraftMachine, MachineRecord, MachineTerminal, MachineUsage } from '../driver.ts';
import { INSIDE } from './mounts.ts';
import type { QemuMachine, TerminalName } from './qemu-machine.ts';
import { DEVICE_STATE_FILE } from './template-files.ts';

/** Ends the machine, whose state is written, and completes its folder. */
export type CompleteDraft = (
  machine: QemuMachine,
  terminals: readonly TerminalName[],
  signal?: AbortSignal,
) => Promise<void>;

/** A QEMU whose memory is a file that is kept. */
export class QemuDraft implements DraftMachine {
  readonly id = 'draft';
  readonly ended;
  readonly #machine: QemuMachine;
  readonly #complete: CompleteDraft;

  constructor(machine: QemuMachine, complete: CompleteDraft) {
    this.#machine = machine;
    this.#complete = complete;
    this.ended = machine.ended;
  }

  get terminals(): readonly MachineTerminal[] {
    return this.#machine.terminals;
  }

  openTerminal(terminal: { id: string; user: string }): Promise<MachineTerminal> {
    return this.#machine.openTerminal(terminal);
  }

  run(request: Parameters<DraftMachine['run']>[0]) {
    return this.#machine.run(request);
  }

  async freeze(signal?: AbortSignal): Promise<void> {
    const { qmp } = this.#machine.process;
    await this.#machine.renumber(signal);
    await qmp.execute('stop');
    await qmp.migrate('migrate', `file:${INSIDE.draft}/${DEVICE_STATE_FILE}`, signal);
    const terminals = this.#machine.terminals.map(({ id, user }) => ({ id, user }));
    await this.#complete(this.#machine, terminals, signal);
  }

  get record(): MachineRecord {
    return this.#machine.record;
  }

  get isPaused(): boolean {
    return this.#machine.isPaused;
  }

  pause(): Promise<void> {
    return this.#machine.pause();
  }

  resume(): Promise<void> {
    return this.#machine.resume();
  }

  usage(): Promise<MachineUsage | undefined> {
    return this.#machine.usage();
  }

  answers(signal?: AbortSignal): Promise<void> {
    return this.#machine.answers(signal);
  }

  examine(): ReturnType<DraftMachine['examine']> {
    return this.#machine.examine();
  }

  liveUntil(time: number): void {
    this.#machine.liveUntil(time);
  }

  release(): void {
    this.#machine.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#machine[Symbol.asyncDispose]();
  }
}
