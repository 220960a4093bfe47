/** Output is copied into segments of this size, so that a keystroke's echo does not cost an object. */
const SEGMENT_BYTES = 16 * 1024;

interface Segment {
  readonly start: number;
  readonly bytes: Uint8Array;
  used: number;
}

/** The last part of a terminal's output, by offset. Holds at least `capacityBytes` of it once that much came. */
export class History {
  readonly #capacityBytes: number;
  readonly #segments: Segment[] = [];
  #end: number;

  /** `start`: where output goes on of a terminal that another server had before. */
  constructor(capacityBytes: number, start = 0) {
    this.#capacityBytes = capacityBytes;
    this.#end = start;
  }

  /** Oldest offset still held. */
  get start(): number {
    return this.#segments[0]?.start ?? this.#end;
  }

  get end(): number {
    return this.#end;
  }

  append(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      const segment = this.#tail();
      const part = rest.subarray(0, SEGMENT_BYTES - segment.used);
      segment.bytes.set(part, segment.used);
      segment.used += part.length;
      this.#end += part.length;
      rest = rest.subarray(part.length);
    }
    this.#forget();
  }

  /** Bytes from `offset`, at most `maxBytes`, and never across a segment: ask again until nothing comes. */
  read(offset: number, maxBytes: number): Uint8Array {
    const segment = this.#segments.find(({ start, used }) => offset >= start && offset < start + used);
    if (segment === undefined) return new Uint8Array();
    const from = offset - segment.start;
    return segment.bytes.subarray(from, Math.min(segment.used, from + maxBytes));
  }

  /**
   * Where somebody who has nothing yet begins: at most `maxBytes` back and, where output was cut off, after the end
   * of a line, so that neither a character nor a colour code is torn.
   */
  replayStart(maxBytes: number): number {
    const from = Math.max(this.start, this.#end - maxBytes);
    if (from === 0) return 0;
    for (let offset = from; offset < this.#end; ) {
      const bytes = this.read(offset, SEGMENT_BYTES);
      const newline = bytes.indexOf(10);
      if (newline >= 0) return offset + newline + 1;
      offset += bytes.length;
    }
    return from;
  }

  #tail(): Segment {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.used < SEGMENT_BYTES) return last;
    const segment = { start: this.#end, bytes: new Uint8Array(SEGMENT_BYTES), used: 0 };
    this.#segments.push(segment);
    return segment;
  }

  #forget(): void {
    for (let first = this.#segments[0]; first !== undefined; first = this.#segments[0]) {
      if (this.#end - (first.start + first.used) < this.#capacityBytes) return;
      this.#segments.shift();
    }
  }
}
