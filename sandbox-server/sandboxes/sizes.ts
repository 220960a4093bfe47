import type { TerminalSize } from '../../protocol/terminal-copy.ts';

/** A terminal had this size from `offset` of its output on. `number` counts the sizes it has had. */
export interface NumberedSize extends TerminalSize {
  readonly number: number;
  readonly offset: number;
}

/** What the shells in a template start with (guest/agent/terminal.py). */
const FIRST: NumberedSize = { number: 0, offset: 0, cols: 80, rows: 24 };

/** More changes than this among the output that is held, and the oldest are forgotten. */
const MAX_HELD = 256;

/** The sizes of one terminal, as far back as its output is held. */
export class Sizes {
  #held: NumberedSize[];

  constructor(first: NumberedSize = FIRST) {
    this.#held = [first];
  }

  get now(): NumberedSize {
    return this.#held.at(-1) ?? FIRST;
  }

  /** The number of the first size that is still held. */
  get start(): number {
    return this.#held[0]?.number ?? 0;
  }

  get isFull(): boolean {
    return this.#held.length >= MAX_HELD;
  }

  change({ cols, rows }: TerminalSize, offset: number): NumberedSize {
    const size = { number: this.now.number + 1, offset, cols, rows };
    this.#held.push(size);
    return size;
  }

  get(number: number): NumberedSize | undefined {
    return this.#held[number - this.start];
  }

  /** Those before `number` are of no more use. */
  forgetBefore(number: number): void {
    this.#held = this.#held.filter((size) => size.number >= Math.min(number, this.now.number));
  }
}
