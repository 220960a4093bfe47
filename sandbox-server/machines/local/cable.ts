import type { Writable } from 'node:stream';
import type { Network } from '../driver.ts';

/** What spawn gives a process as its standard input. */
export type CableEnd = 'pipe' | Writable;

/** What this driver's network is; undefined where a machine is alone. */
export function cableOf(network: Network | undefined): Cable | null {
  if (network === undefined) return null;
  if (network instanceof Cable) return network;
  throw new TypeError('This network was made by another driver.');
}

/** Descriptor of a cable's end in the process that it is plugged into. */
export const CABLE_FD = 0;
const MAX_MACHINES = 2;

/**
 * Joins the network cards of two machines: a pair of connected sockets, of which each QEMU inherits one. It has no path
 * and no listener, so nobody else can get hold of it, and once both are plugged in this process has nothing of it left.
 * The ends go in as standard input, because that is the only one of a child's pipes that Node never reads from: nothing
 * that one machine sends before the other is there gets lost halfway through a frame.
 */
export class Cable implements Network {
  #machines = 0;
  #otherEnd: Writable | undefined;

  /** `start` must spawn at once. A machine whose peer is gone already is plugged into a cable that leads nowhere. */
  plugIn<P extends { readonly stdin: Writable | null }>(start: (end: CableEnd) => P): P {
    if (this.#machines === MAX_MACHINES) throw new Error(`A network joins at most ${MAX_MACHINES} machines.`);
    this.#machines += 1;
    const end = this.#otherEnd;
    if (end && !end.destroyed) {
      const process = start(end);
      this[Symbol.dispose]();
      return process;
    }
    const process = start('pipe');
    this.#otherEnd = process.stdin ?? undefined;
    this.#otherEnd?.on('error', () => {});
    return process;
  }

  /** What is plugged in stays so: this is for the end that nobody came for. */
  [Symbol.dispose](): void {
    this.#otherEnd?.destroy();
    this.#otherEnd = undefined;
  }
}
