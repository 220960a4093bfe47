import type { Base, Place, Recording } from '../recording.ts';
import { Questions } from './questions.ts';
import { Screen } from './screen.ts';
import { nextTurn } from './turns.ts';

/** Parsed at once, and painted at once: a fraction of a millisecond, by which the echo of a key may be late. */
const SLICE_BYTES = 4 * 1024;
const SLICE_LINES = 32;

/** A screen that was fed so much is closed after the next base: what a guest can make it keep is bounded by that. */
const MAX_FED_BYTES = 1024 * 1024;

/** A base may be this far behind what has been printed: somebody who starts from it gets the rest as it was printed. */
const NEAR_BYTES = 32 * 1024;

/** A screen that nobody needed for this long is closed. Programs ask several questions in a row. */
const IDLE_MS = 10_000;

export interface ScreenKeeperOptions {
  readonly recording: Recording;
  /** What a program asked for is to be typed into its terminal. */
  onAnswer(answer: string): void;
  /** There is another base. */
  onBase(base: Base): void;
  /** xterm.js threw: what is on the screen is not known any more. */
  onLost(cause: unknown): void;
}

/**
 * Opens a terminal's screen when it is needed and not before: to answer a program's question, and to make another base.
 * Most terminals print so little in their life that neither happens.
 */
export class ScreenKeeper implements Disposable {
  readonly #options: ScreenKeeperOptions;
  readonly #recording: Recording;
  readonly #questions = new Questions();
  readonly #waiting: (() => void)[] = [];
  #screen: Screen | undefined;
  #at: Place = { offset: 0, size: 0 };
  /** Parsed by this screen: what it may have taken in memory. */
  #fed = 0;
  /** Questions up to here have been answered, or were another's to answer. */
  #answeredTo: number;
  #isAsked = false;
  #isWorking = false;
  #isOver = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: ScreenKeeperOptions) {
    this.#options = options;
    this.#recording = options.recording;
    this.#answeredTo = this.#recording.end;
  }

  /** To be called with all output, after it was recorded. */
  note(bytes: Uint8Array): void {
    if (this.#questions.isIn(bytes)) this.#isAsked = true;
    if (!this.#isAsked && this.#screen === undefined) this.#answeredTo = this.#recording.end;
    if (this.#needsAnswer || this.#screen !== undefined || this.#recording.isLong) this.#work();
  }

  /** To be called after the size changed. */
  noteSize(): void {
    if (this.#recording.isLong) this.#work();
  }

  /** A base near the end, or news that there can be none right now. */
  async refresh(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#work();
    });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#idleTimer);
    this.#close();
    this.#release();
  }

  #work(): void {
    if (this.#isWorking || this.#isOver) return;
    this.#isWorking = true;
    clearTimeout(this.#idleTimer);
    void this.#catchUp()
      .catch((cause: unknown) => this.#lose(cause))
      .finally(() => {
        this.#isWorking = false;
        this.#release();
        if (!this.#isOver) this.#idleTimer = setTimeout(() => this.#close(), IDLE_MS).unref();
      });
  }

  async #catchUp(): Promise<void> {
    await nextTurn();
    while (!this.#isOver && (this.#screen !== undefined || this.#needsAnswer || this.#needsBase)) {
      this.#screen ??= await this.#open();
      if (this.#needsBase && this.#isNearEnough) await this.#rebase(this.#screen);
      else if (!this.#step(this.#screen)) break;
      await nextTurn();
    }
    this.#isAsked = false;
  }

  get #needsAnswer(): boolean {
    return this.#isAsked && this.#answeredTo < this.#recording.end;
  }

  get #needsBase(): boolean {
    const { base, end, isLong } = this.#recording;
    return isLong || (this.#waiting.length > 0 && end - base.offset > NEAR_BYTES);
  }

  /** And may it be taken here? When the machine waits for a base, a sequence without an end is given up on. */
  get #isNearEnough(): boolean {
    const { end, room } = this.#recording;
    const { base } = this.#recording;
    if (this.#at.offset <= base.offset && this.#at.size <= base.size) return false;
    const isNear = end - this.#at.offset <= NEAR_BYTES;
    return isNear && (this.#screen?.isQuiet === true || (end >= room && this.#at.offset === end));
  }

  async #open(): Promise<Screen> {
    const { base } = this.#recording;
    const screen = new Screen(base, (answer) => this.#answer(answer));
    this.#at = base;
    this.#fed = base.bytes.length;
    for (let from = 0; from < base.bytes.length; from += SLICE_BYTES) {
      screen.feed(base.bytes.subarray(from, from + SLICE_BYTES));
      await nextTurn();
    }
    return screen;
  }

  /** False at the end. */
  #step(screen: Screen): boolean {
    const { offset, size } = this.#at;
    // A question is answered or not by where its last byte stands.
    const silent = Math.max(0, this.#answeredTo - offset);
    const event = this.#recording.next(this.#at, Math.min(SLICE_BYTES, silent || SLICE_BYTES));
    if (event === undefined) return false;
    if (event.kind === 'size') {
      screen.resize(event.size);
      this.#at = { offset, size: event.size.number };
      return true;
    }
    const end = offset + event.bytes.length;
    this.#at = { offset: end, size };
    this.#fed += event.bytes.length;
    screen.feed(event.bytes);
    this.#answeredTo = Math.max(this.#answeredTo, end);
    return true;
  }

  #answer(answer: string): void {
    if (this.#at.offset > this.#answeredTo) this.#options.onAnswer(answer);
  }

  async #rebase(screen: Screen): Promise<void> {
    const { offset, size } = this.#at;
    let texts: string[] = [];
    let lines = 0;
    for (const text of screen.paint()) {
      if (text === undefined) texts = [];
      else texts.push(text);
      lines += 1;
      if (lines % SLICE_LINES === 0) await nextTurn();
      if (this.#isOver) return;
    }
    const base = { offset, size, ...screen.size, bytes: Buffer.from(texts.join('')) };
    if (this.#fed > MAX_FED_BYTES) this.#close();
    this.#recording.rebase(base);
    this.#options.onBase(base);
    this.#release();
  }

  #lose(cause: unknown): void {
    this.#close();
    const { end, size } = this.#recording;
    this.#recording.rebase({
      offset: end,
      size: size.number,
      cols: size.cols,
      rows: size.rows,
      bytes: new Uint8Array(),
    });
    this.#answeredTo = end;
    this.#options.onLost(cause);
    this.#options.onBase(this.#recording.base);
  }

  #close(): void {
    this.#screen?.[Symbol.dispose]();
    this.#screen = undefined;
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
