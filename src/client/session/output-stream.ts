import { ACK_EVERY_BYTES } from '../../../protocol/limits.ts';

export interface FreshOutput {
  readonly bytes: Uint8Array;
  /** Offset after the last byte. */
  readonly end: number;
}

/** Where one terminal's output stands in this page: what arrived, what was parsed, what was acknowledged. */
export class OutputStream {
  #next: number;
  #acknowledged: number;

  constructor(start: number) {
    this.#next = start;
    this.#acknowledged = start;
  }

  /** Offset of the next byte this page has not received. Sent in `hello` to resume. */
  get next(): number {
    return this.#next;
  }

  /** The part of a chunk that is new: a repeated one is null, and so is one with a gap before it, which the server never sends. */
  accept(offset: number, bytes: Uint8Array): FreshOutput | null {
    const end = offset + bytes.length;
    if (offset > this.#next || end <= this.#next) return null;
    const fresh = bytes.subarray(this.#next - offset);
    this.#next = end;
    return { bytes: fresh, end };
  }

  /** Output before `offset` is no longer to be had. */
  skipTo(offset: number): void {
    this.#next = offset;
    this.#acknowledged = offset;
  }

  /** The offset to acknowledge now that everything up to `end` was parsed, or null if it can wait for more. */
  parsed(end: number): number | null {
    const idle = end === this.#next;
    if (end <= this.#acknowledged || (!idle && end - this.#acknowledged < ACK_EVERY_BYTES)) return null;
    this.#acknowledged = end;
    return end;
  }
}
