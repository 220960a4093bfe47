import { ACK_EVERY_BYTES } from '../../../protocol/limits.ts';

export interface FreshOutput {
  readonly bytes: Uint8Array;
  /** Offset after the last byte. */
  readonly end: number;
}

/** Where a page stands in a terminal's output: the offset of the next byte, and the number of the last size. */
export interface OutputPlace {
  readonly offset: number;
  readonly size: number;
}

/** Where one terminal's output stands in this page: what arrived, what was parsed, what was acknowledged. */
export class OutputStream {
  #next = 0;
  #size = 0;
  #acknowledged = 0;
  /** Bytes of a snapshot that are still to come; null before there was any. */
  #screenDue: number | null = null;

  /** What this page needs not be sent again; null while it has nothing, or half a snapshot. */
  get place(): OutputPlace | null {
    return this.#screenDue === 0 ? { offset: this.#next, size: this.#size } : null;
  }

  /** A snapshot of so many bytes follows, and then output from `offset`. */
  beginAnew({ offset, size, bytes }: { offset: number; size: number; bytes: number }): void {
    this.#next = offset;
    this.#size = size;
    this.#acknowledged = offset;
    this.#screenDue = bytes;
  }

  /** False for bytes that nobody announced. */
  acceptScreen(bytes: Uint8Array): boolean {
    if (this.#screenDue === null || bytes.length > this.#screenDue) return false;
    this.#screenDue -= bytes.length;
    return true;
  }

  /** False for a size that this page has already. */
  acceptSize(size: number): boolean {
    if (size <= this.#size) return false;
    this.#size = size;
    return true;
  }

  /** The part of a chunk that is new: a repeated one is null, and so is one with a gap before it, which the server never sends. */
  accept(offset: number, bytes: Uint8Array): FreshOutput | null {
    const end = offset + bytes.length;
    if (this.#screenDue !== 0 || offset > this.#next || end <= this.#next) return null;
    const fresh = bytes.subarray(this.#next - offset);
    this.#next = end;
    return { bytes: fresh, end };
  }

  /** The offset to acknowledge now that everything up to `end` was parsed, or null if it can wait for more. */
  parsed(end: number): number | null {
    const idle = end === this.#next;
    if (end <= this.#acknowledged || (!idle && end - this.#acknowledged < ACK_EVERY_BYTES)) return null;
    this.#acknowledged = end;
    return end;
  }
}
