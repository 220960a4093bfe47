import { INPUT_BUFFER_BYTES } from '../../../protocol/limits.ts';

export interface NumberedBytes {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * What was typed into one terminal and not yet applied by its machine, numbered from the sandbox's start. Sent again
 * after a reconnect; the machine skips what it already has, so nothing is lost and nothing doubled.
 */
export class InputBuffer {
  #start: number;
  #bytes = new Uint8Array(0);

  constructor(applied: number) {
    this.#start = applied;
  }

  get pendingBytes(): number {
    return this.#bytes.length;
  }

  /** How much was ever typed into this terminal, by whomever. */
  get totalBytes(): number {
    return this.#start + this.#bytes.length;
  }

  /** The numbered bytes to send, or null when the buffer has no room: nothing of them is kept then. */
  push(bytes: Uint8Array): NumberedBytes | null {
    if (this.#bytes.length + bytes.length > INPUT_BUFFER_BYTES) return null;
    const offset = this.#start + this.#bytes.length;
    const grown = new Uint8Array(this.#bytes.length + bytes.length);
    grown.set(this.#bytes);
    grown.set(bytes, this.#bytes.length);
    this.#bytes = grown;
    return { offset, bytes };
  }

  /** The machine has everything before `offset`. Beyond our own end it means that another page typed there too. */
  applied(offset: number): void {
    if (offset <= this.#start) return;
    this.#bytes = this.#bytes.slice(Math.min(offset - this.#start, this.#bytes.length));
    this.#start = offset;
  }

  /** Everything not yet applied, for sending again. */
  pending(): NumberedBytes | null {
    return this.#bytes.length === 0 ? null : { offset: this.#start, bytes: this.#bytes };
  }
}
