/** Output of a fake terminal that nobody has acknowledged, by offset: what the agent keeps in a real machine. */
export class KeptOutput {
  readonly #chunks: Uint8Array[] = [];
  #start = 0;
  #end = 0;

  /** Everything before it was acknowledged. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#chunks.push(bytes);
    this.#end += bytes.length;
  }

  /** Never more than is kept. */
  forget(offset: number): void {
    const until = Math.min(offset, this.#end);
    for (let first = this.#chunks[0]; first !== undefined && this.#start < until; first = this.#chunks[0]) {
      const count = Math.min(first.length, until - this.#start);
      if (count === first.length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(count);
      this.#start += count;
    }
  }

  /** Bytes from `offset`, at most `maxBytes`, never across what was printed at once: ask again until nothing comes. */
  read(offset: number, maxBytes: number): Uint8Array {
    let start = this.#start;
    for (const chunk of this.#chunks) {
      if (offset < start + chunk.length) return chunk.subarray(offset - start, offset - start + Math.max(0, maxBytes));
      start += chunk.length;
    }
    return new Uint8Array();
  }
}
