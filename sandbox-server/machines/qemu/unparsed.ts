const NOTHING = Buffer.alloc(0);

/**
 * Bytes that came from a guest and are not parsed yet. Whatever pieces they come in, each is copied at most a few times
 * (joining buffers piece by piece would copy a message of a megabyte a million times), and what `bytes` has handed out is
 * never written over.
 */
export class Unparsed {
  #buffer: Buffer = NOTHING;
  #start = 0;
  #end = 0;
  /** The buffer was made here and may be written to beyond its end. */
  #isOwn = false;

  get length(): number {
    return this.#end - this.#start;
  }

  /** All of it. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  add(data: Buffer): void {
    if (this.length === 0) {
      this.#hold(data, data.length, false);
      return;
    }
    const needed = this.length + data.length;
    if (!this.#isOwn || this.#end + data.length > this.#buffer.length) {
      // Usually what came completes what was there. What does not is in crumbs, and more of them will come.
      const grown = Buffer.allocUnsafe(this.#isOwn ? 2 * needed : needed);
      this.#hold(grown, this.bytes.copy(grown), true);
    }
    this.#end += data.copy(this.#buffer, this.#end);
  }

  /** The first `count` bytes are parsed. */
  skip(count: number): void {
    this.#start += count;
    if (this.#start >= this.#end) this.#hold(NOTHING, 0, false);
  }

  #hold(buffer: Buffer, end: number, isOwn: boolean): void {
    this.#buffer = buffer;
    this.#start = 0;
    this.#end = end;
    this.#isOwn = isOwn;
  }
}
