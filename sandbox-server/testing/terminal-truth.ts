import type { FakeTerminal } from '../machines/fake/fake-terminal.ts';
import { History } from '../sandboxes/history.ts';

/** No page is further behind than this. */
const REMEMBERED_BYTES = 2 * 1024 * 1024;
const SWEEP_BYTES = 256 * 1024;

const LETTERS = 26;
export const ALPHABETS = { lower: 'a'.charCodeAt(0), upper: 'A'.charCodeAt(0) } as const;
export type Alphabet = keyof typeof ALPHABETS;

/** The n-th key of somebody who types in an alphabet. No stretch of it repeats, so a lost or doubled key is seen at once. */
export function keyOf(alphabet: Alphabet, index: number): number {
  let mixed = Math.imul(index + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return ALPHABETS[alphabet] + (((mixed ^ (mixed >>> 13)) >>> 0) % LETTERS);
}

/**
 * What really happened at a fake machine's terminal: all it printed, so that what a page gets can be held against it byte
 * by byte, and all it was given, which must be everybody's keys in order. Notes the first thing that is wrong.
 */
export class TerminalTruth {
  readonly #printed: History;
  readonly #knownFrom: number;
  /** Keys that came, by who typed them. */
  readonly given: Record<Alphabet, number> = { lower: 0, upper: 0 };
  fault: string | undefined;
  #inputEnd = 0;
  #sweepAt = SWEEP_BYTES;

  constructor(terminal: FakeTerminal) {
    this.#knownFrom = terminal.outputEnd;
    this.#printed = new History(this.#knownFrom);
    terminal.onPrinted = (bytes) => this.#print(bytes);
    const write = terminal.write.bind(terminal);
    terminal.write = (offset, bytes) => {
      this.#give(offset, bytes);
      write(offset, bytes);
    };
  }

  get end(): number {
    return this.#printed.end;
  }

  /** A page was sent this. */
  check(who: string, offset: number, bytes: Uint8Array): void {
    for (let from = Math.max(0, this.#knownFrom - offset); from < bytes.length; ) {
      const expected = this.#printed.read(offset + from, bytes.length - from);
      const seen = bytes.subarray(from, from + expected.length);
      if (expected.length === 0 || Buffer.compare(expected, seen) !== 0) {
        this.note(`${who} got other bytes from ${offset + from} on than were printed there`);
        return;
      }
      from += expected.length;
    }
  }

  note(fault: string): void {
    this.fault ??= fault;
  }

  #print(bytes: Uint8Array): void {
    this.#printed.append(bytes);
    if (this.#printed.end < this.#sweepAt) return;
    this.#sweepAt += SWEEP_BYTES;
    this.#printed.forgetBefore(this.#printed.end - REMEMBERED_BYTES);
  }

  #give(offset: number, bytes: Uint8Array): void {
    if (offset !== this.#inputEnd) this.note(`the machine was given input for ${offset} at ${this.#inputEnd}`);
    this.#inputEnd = offset + bytes.length;
    for (const byte of bytes) {
      const alphabet = byte >= ALPHABETS.lower ? 'lower' : 'upper';
      const due = keyOf(alphabet, this.given[alphabet]);
      if (byte !== due) this.note(`key ${this.given[alphabet]} of ${alphabet} is lost, doubled or not theirs`);
      this.given[alphabet] += 1;
    }
  }
}
