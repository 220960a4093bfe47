import type { TerminalSize } from '../../protocol/terminal-copy.ts';
import { History } from './history.ts';
import type { Kept, KeptTerminal } from './recording-file/recording-file.ts';
import { type NumberedSize, Sizes } from './sizes.ts';

/** A terminal's state at one point of its output. What came before is not needed any more. */
export interface Base extends TerminalSize {
  readonly offset: number;
  /** Number of the size it had then. */
  readonly size: number;
  /** A snapshot (screen/screen.ts). */
  readonly bytes: Uint8Array;
}

/** Where somebody stands who copies a terminal. */
export interface Place {
  readonly offset: number;
  /** Number of the last size taken. */
  readonly size: number;
}

/** What follows a place. */
export type Event =
  | { readonly kind: 'output'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'size'; readonly size: NumberedSize };

export interface RecordingOptions {
  readonly capacityBytes: number;
  readonly start?: number;
  readonly kept?: Pick<KeptTerminal, 'base' | 'events'>;
}

const WHOLE = Number.MAX_SAFE_INTEGER;

/**
 * All that is known of a terminal: its state at a base, and the output and sizes since then. Output from before the base
 * is kept as well while there is room, for pages that have nearly all of it.
 */
export class Recording {
  readonly #history: History;
  readonly #sizes: Sizes;
  readonly #capacityBytes: number;
  #base: Base;

  /**
   * `start`: where the output begins that there is; what was before is unknown. `kept`: what an earlier server knew, in
   * place of that.
   */
  constructor({ capacityBytes, start = 0, kept }: RecordingOptions) {
    this.#capacityBytes = capacityBytes;
    this.#history = new History(kept?.base.offset ?? start);
    this.#sizes = kept === undefined ? new Sizes() : new Sizes({ ...kept.base, number: kept.base.size });
    const { cols, rows, number } = this.#sizes.now;
    this.#base = kept?.base ?? { offset: start, size: number, cols, rows, bytes: new Uint8Array() };
    for (const event of kept?.events ?? []) {
      if (event.kind === 'output') this.#history.append(event.bytes);
      else this.#sizes.change(event.size, event.size.offset);
    }
  }

  get base(): Base {
    return this.#base;
  }

  get end(): number {
    return this.#history.end;
  }

  get size(): NumberedSize {
    return this.#sizes.now;
  }

  /** So far the machine may print: beyond it, what follows the base would be more than may be kept. */
  get room(): number {
    return this.#base.offset + this.#capacityBytes;
  }

  /** Time for another base. */
  get isLong(): boolean {
    return this.end - this.#base.offset > this.#capacityBytes / 2 || this.#sizes.isFull;
  }

  append(bytes: Uint8Array): void {
    this.#history.append(bytes);
    this.#forget();
  }

  /** `undefined` when it has this size, or changes it faster than can be kept. */
  resize({ cols, rows }: TerminalSize): NumberedSize | undefined {
    const { now } = this.#sizes;
    if ((now.cols === cols && now.rows === rows) || this.#sizes.isFull) return undefined;
    return this.#sizes.change({ cols, rows }, this.end);
  }

  /** Everything since the base, in order. */
  get sinceBase(): Kept[] {
    const events: Kept[] = [];
    let place: Place = this.#base;
    for (let event = this.next(place, WHOLE); event !== undefined; event = this.next(place, WHOLE)) {
      if (event.kind === 'output') place = { ...place, offset: event.offset + event.bytes.length };
      else place = { ...place, size: event.size.number };
      events.push(event);
    }
    return events;
  }

  rebase(base: Base): void {
    this.#base = base;
    this.#forget();
  }

  /** Can somebody go on from there? */
  holds({ offset, size }: Place): boolean {
    const isKnown = offset >= this.#history.start && offset <= this.end;
    return isKnown && size >= this.#sizes.start && size <= this.#sizes.now.number;
  }

  /** What comes next; `undefined` at the end. Ask again from behind it. */
  next({ offset, size }: Place, maxBytes: number): Event | undefined {
    const following = this.#sizes.get(size + 1);
    if (following !== undefined && following.offset <= offset) return { kind: 'size', size: following };
    const until = following === undefined ? maxBytes : Math.min(maxBytes, following.offset - offset);
    const bytes = this.#history.read(offset, until);
    return bytes.length === 0 ? undefined : { kind: 'output', offset, bytes };
  }

  /** A copy of what was printed from there on, up to the next size. */
  output(from: Place, maxBytes: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    let place = from;
    for (let left = maxBytes; left > 0; ) {
      const event = this.next(place, left);
      if (event?.kind !== 'output') break;
      pieces.push(event.bytes);
      left -= event.bytes.length;
      place = { ...place, offset: place.offset + event.bytes.length };
    }
    return Buffer.concat(pieces);
  }

  #forget(): void {
    this.#history.forgetBefore(Math.min(this.#base.offset, this.end - this.#capacityBytes / 2));
    const { size } = this.#base;
    this.#sizes.forgetBefore(this.#sizes.isFull ? size : Math.min(size, this.#firstSizeSince(this.#history.start)));
  }

  #firstSizeSince(offset: number): number {
    let number = this.#base.size;
    for (
      let size = this.#sizes.get(number);
      size !== undefined && size.offset >= offset;
      size = this.#sizes.get(number)
    ) {
      number -= 1;
    }
    return number;
  }
}
