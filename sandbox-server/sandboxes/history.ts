/** Output is copied into segments of this size, so that a keystroke's echo does not cost an object. */
const SEGMENT_BYTES = 16 * 1024;

interface Segment {
  readonly start: number;
  readonly bytes: Uint8Array;
  used: number;
}

/** The last part of a terminal's output, by offset. */
export class History {
  readonly #segments: Segment[] = [];
  #end: number;

  constructor(start = 0) {
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
  }

  /** Bytes from `offset`, at most `maxBytes`, and never across a segment: ask again until nothing comes. */
  read(offset: number, maxBytes: number): Uint8Array {
    const segment = this.#segments.find(({ start, used }) => offset >= start && offset < start + used);
    if (segment === undefined) return new Uint8Array();
    const from = offset - segment.start;
    return segment.bytes.subarray(from, Math.min(segment.used, from + maxBytes));
  }

  /** In whole segments: a little more stays. */
  forgetBefore(offset: number): void {
    const first = this.#segments.findIndex(({ start, used }) => start + used > offset);
    this.#segments.splice(0, first < 0 ? this.#segments.length : first);
  }

  #tail(): Segment {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.used < SEGMENT_BYTES) return last;
    const segment = { start: this.#end, bytes: new Uint8Array(SEGMENT_BYTES), used: 0 };
    this.#segments.push(segment);
    return segment;
  }
}
