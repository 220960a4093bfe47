import type { Duplex } from 'node:stream';
import type { MachineUsage } from '../driver.ts';
import type { Qmp } from './qmp.ts';

/** QEMU did not start, or ended when it should not. */
export class QemuError extends Error {
  override readonly name = 'QemuError';
}

/** A QEMU process that has read its command line, wherever it runs. Launched, it waits, its guest not yet running. */
export interface QemuProcess {
  readonly qmp: Qmp;
  readonly keeper: Keeper;
  /** A connection to one of its sockets, by the names of qemu-arguments.ts. */
  connect(socket: string): Promise<Duplex>;
}

/** Looks after a machine's process, with or without a server, and ends with it. */
export interface Keeper {
  /** Resolves with why the machine ended, for logs, when nothing of it is left. */
  readonly ended: Promise<string>;
  /** As Machine's. */
  liveUntil(time: number): void;
  /** Resolves when nothing of the machine is left. */
  kill(): Promise<void>;
  /** Goes without a word: what becomes of the machine is as it was said before. */
  release(): void;
  /** Of the machine's process; `undefined` when it is not known, as of one that has ended. */
  readonly state: Promise<LookedAt | undefined>;
}

/** What can be seen of a process from outside. */
export interface LookedAt {
  /** As by SIGSTOP. False when that cannot be known. */
  isStopped(): Promise<boolean>;
  usage(): Promise<MachineUsage | undefined>;
}
