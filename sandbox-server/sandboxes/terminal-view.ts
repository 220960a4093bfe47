import { OUTPUT_HIGH_MARK_BYTES, OUTPUT_LOW_MARK_BYTES } from '../../protocol/limits.ts';
import type { TerminalSize } from '../../protocol/terminal-copy.ts';
import type { Base, Event, Place, Recording } from './recording.ts';

/** Largest piece handed out at once. */
const CHUNK_BYTES = 16 * 1024;

/** What a page gets next: what was printed, another size, or the news that it has to begin anew from a snapshot. */
export type Piece =
  | Event
  | { readonly kind: 'screen'; readonly base: Base }
  | { readonly kind: 'screenBytes'; readonly position: number; readonly bytes: Uint8Array };

export interface TerminalViewOptions {
  readonly page: string;
  readonly recording: Recording;
  /** Where the page stands; `undefined` when it has nothing. */
  readonly from: Place | undefined;
  /** A base near the end, if there can be one right now. */
  refresh(): Promise<void>;
  /** There may be something to take. */
  onReady(): void;
  /** The machine has applied the page's input, by the page's own count. */
  onInputApplied(offset: number): void;
}

/** What a view asks of its terminal. */
export interface ViewedTerminal {
  acknowledged(): void;
  left(view: TerminalView): void;
  type(view: TerminalView, offset: number, bytes: Uint8Array): 'taken' | 'gap' | 'overrun';
  boxed(view: TerminalView): void;
  attended(view: TerminalView): void;
}

/**
 * One page looking at one terminal. It holds no bytes, only where the page stands and what it has parsed. That is why a
 * slow page costs no memory.
 */
export class TerminalView implements Disposable {
  readonly page: string;
  readonly #options: TerminalViewOptions;
  readonly #terminal: ViewedTerminal;
  /** What was handed out. */
  #place: Place | undefined;
  #acknowledged: number | undefined;
  #isPaused = false;
  #screen: Sending | undefined;
  #refreshed: 'no' | 'under way' | 'done' = 'no';
  #box: TerminalSize | undefined;

  constructor(options: TerminalViewOptions, terminal: ViewedTerminal) {
    this.page = options.page;
    this.#options = options;
    this.#terminal = terminal;
    const { from, recording } = options;
    // One window of output is sent as it was printed; with more missing, a snapshot is there sooner.
    const isNear = from !== undefined && recording.holds(from) && recording.end - from.offset <= OUTPUT_HIGH_MARK_BYTES;
    if (isNear) this.#startAt(from);
    else if (!this.#isFar) this.#beginAnew();
  }

  /** `undefined` while it is not clear where the page begins. */
  get acknowledged(): number | undefined {
    return this.#acknowledged;
  }

  /** Characters the page has room for. */
  get box(): TerminalSize | undefined {
    return this.#box;
  }

  /** The next piece, or `undefined` until `onReady`: nothing new, or too much not yet parsed. */
  take(): Piece | undefined {
    const { recording } = this.#options;
    if (this.#place !== undefined && !recording.holds(this.#place)) {
      // A page that does not even parse what it got is not sent one snapshot after the other.
      if (this.#outstanding > OUTPUT_LOW_MARK_BYTES) return undefined;
      this.#place = undefined;
    }
    const place = this.#place ?? this.#tryToBegin();
    if (place === undefined) return undefined;
    if (this.#screen !== undefined) return this.#nextOfScreen(this.#screen);
    if (this.#outstanding >= OUTPUT_HIGH_MARK_BYTES) this.#isPaused = true;
    if (this.#isPaused) return undefined;
    const event = recording.next(place, Math.min(CHUNK_BYTES, OUTPUT_HIGH_MARK_BYTES - this.#outstanding));
    if (event?.kind === 'output') this.#place = { ...place, offset: event.offset + event.bytes.length };
    if (event?.kind === 'size') this.#place = { ...place, size: event.size.number };
    return event;
  }

  /** False for an offset that was never handed out: the page is lying. */
  acknowledge(offset: number): boolean {
    // What a page still acknowledges of the time before it had to begin anew is no news.
    if (this.#place === undefined || this.#acknowledged === undefined) return true;
    if (offset > this.#place.offset) return false;
    if (offset <= this.#acknowledged) return true;
    this.#acknowledged = offset;
    if (this.#isPaused && this.#place.offset - offset <= OUTPUT_LOW_MARK_BYTES) this.#isPaused = false;
    this.#terminal.acknowledged();
    this.#options.onReady();
    return true;
  }

  /** Input, by the page's own count. `gap`: bytes before these never came. `overrun`: more than a machine takes in. */
  type(offset: number, bytes: Uint8Array): 'taken' | 'gap' | 'overrun' {
    return this.#terminal.type(this, offset, bytes);
  }

  /** The page has room for this many characters; whether the terminal takes that size is the terminal's to decide. */
  resize(box: TerminalSize): void {
    this.#box = box;
    this.#terminal.boxed(this);
  }

  /** The learner is at this page now. */
  attend(): void {
    this.#terminal.attended(this);
  }

  wake(): void {
    this.#options.onReady();
  }

  inputApplied(offset: number): void {
    this.#options.onInputApplied(offset);
  }

  [Symbol.dispose](): void {
    this.#terminal.left(this);
  }

  /** Handed out, and not yet parsed. */
  get #outstanding(): number {
    return (this.#place?.offset ?? 0) - (this.#acknowledged ?? 0);
  }

  #startAt({ offset, size }: Place): void {
    this.#place = { offset, size };
    this.#acknowledged = offset;
    this.#isPaused = false;
  }

  /** More output since the base than is sent at once. */
  get #isFar(): boolean {
    const { base, end } = this.#options.recording;
    return end - base.offset > OUTPUT_HIGH_MARK_BYTES;
  }

  /** `undefined` until there is a base to begin with. */
  #tryToBegin(): Place | undefined {
    this.#acknowledged = undefined;
    if (this.#isFar && this.#refreshed !== 'done') {
      if (this.#refreshed === 'no') this.#refresh();
      return undefined;
    }
    return this.#beginAnew();
  }

  #beginAnew(): Place {
    this.#refreshed = 'no';
    const { base } = this.#options.recording;
    this.#screen = { base, sent: null };
    this.#startAt(base);
    return base;
  }

  #refresh(): void {
    this.#refreshed = 'under way';
    void this.#options.refresh().then(() => {
      this.#refreshed = 'done';
      this.#options.onReady();
    });
  }

  #nextOfScreen({ base, sent }: Sending): Piece {
    const from = sent ?? 0;
    const to = sent === null ? 0 : from + CHUNK_BYTES;
    this.#screen = to >= base.bytes.length ? undefined : { base, sent: to };
    if (sent === null) return { kind: 'screen', base };
    return { kind: 'screenBytes', position: from, bytes: base.bytes.subarray(from, to) };
  }
}

interface Sending {
  readonly base: Base;
  /** Of its bytes; null before it was announced. */
  readonly sent: number | null;
}
