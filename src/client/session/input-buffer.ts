import { INPUT_BUFFER_BYTES } from '../../../protocol/limits.ts';

export interface NumberedBytes {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * What was typed here into one terminal and not yet applied by its machine, numbered from this page's first byte. Sent
 * again after a reconnect; the server skips what it already has, so nothing is lost and nothing doubled.
 */
export class InputBuffer {
  #start = 0;
  #bytes = new Uint8Array(0);

  get pendingBytes(): number {
    return this.#bytes.length;
  }

  /** How much was ever typed here. */
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

  /** The machine has everything before `offset`. */
  applied(offset: number): void {
    const known = Math.min(offset, this.totalBytes);
    if (known <= this.#start) return;
    this.#bytes = this.#bytes.slice(known - this.#start);
    this.#start = known;
  }

  /** Everything not yet applied, for sending again. */
  pending(): NumberedBytes | null {
    return this.#bytes.length === 0 ? null : { offset: this.#start, bytes: this.#bytes };
  }
}
