import type { TerminalSize } from '../../../protocol/terminal-copy.ts';
import type { Base, Place, Recording } from '../recording.ts';
import type { NumberedSize } from '../sizes.ts';
import { Questions } from './questions.ts';
import type { Outcome, Paint } from './thread/jobs.ts';
import { RemoteScreen } from './thread/remote-screen.ts';
import { ScreenGone, type ScreenThread } from './thread/screen-thread.ts';

/** Handed to the screen at once. Each handing over waits for a thread twice, which on a busy host takes milliseconds. */
const BATCH_BYTES = 256 * 1024;

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
  /** xterm.js threw, or did not come back: what is on the screen is not known any more. */
  onLost(cause: unknown): void;
  /** Where it is kept, if not with all others. */
  readonly thread?: ScreenThread;
}

/**
 * Opens a terminal's screen, in a thread of their own, when it is needed and not before: to answer a program's question, and to make another base.
 * Most terminals print so little in their life that neither happens.
 */
export class ScreenKeeper implements Disposable {
  readonly #options: ScreenKeeperOptions;
  readonly #recording: Recording;
  readonly #questions = new Questions();
  readonly #waiting: (() => void)[] = [];
  readonly #screen: RemoteScreen;
  #at: Place = { offset: 0, size: 0 };
  /** Parsed by this screen: what it may have taken in memory. */
  #fed = 0;
  /** Questions up to here have been answered, or were another's to answer. */
  #answeredTo: number;
  #isAsked = false;
  /** Where it stands, no base can be taken, and nothing follows. */
  #isRefused = false;
  #isWorking = false;
  #isOver = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: ScreenKeeperOptions) {
    this.#options = options;
    this.#recording = options.recording;
    this.#screen = new RemoteScreen(options.thread);
    this.#answeredTo = this.#recording.end;
  }

  /** To be called with all output, after it was recorded. */
  note(bytes: Uint8Array): void {
    if (this.#questions.isIn(bytes)) this.#isAsked = true;
    if (!this.#isAsked) this.#answeredTo = this.#recording.end;
    if (this.#needsAnswer || this.#recording.isLong) this.#work();
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
    this.#screen[Symbol.dispose]();
    this.#release();
  }

  #work(): void {
    if (this.#isWorking || this.#isOver) return;
    this.#isWorking = true;
    this.#isRefused = false;
    clearTimeout(this.#idleTimer);
    void this.#catchUp();
  }

  /** From where it sees that there is no more to do until it rests, nothing else may happen: somebody would be forgotten. */
  async #catchUp(): Promise<void> {
    // All that comes in one turn of the event loop is caught up with together.
    await new Promise(setImmediate);
    try {
      while (this.#hasMore) await this.#advance();
    } catch (cause) {
      this.#lose(cause);
    } finally {
      this.#isAsked = false;
      this.#isWorking = false;
      this.#release();
      if (!this.#isOver) this.#idleTimer = setTimeout(() => this.#screen.close(), IDLE_MS).unref();
    }
  }

  get #hasMore(): boolean {
    return !this.#isOver && (this.#needsAnswer || (this.#needsBase && !this.#isRefused));
  }

  async #advance(): Promise<void> {
    try {
      await this.#advanceScreen();
    } catch (cause) {
      // Another's fault, or closed meanwhile: what there is to do is still to be done, from the base.
      if (!(cause instanceof ScreenGone)) throw cause;
    }
  }

  async #advanceScreen(): Promise<void> {
    if (!this.#screen.isOpen) await this.#open();
    const event = this.#recording.next(this.#at, 1);
    if (event?.kind === 'size') return await this.#resize(event.size);
    const bytes = this.#recording.output(this.#at, this.#mostBytes);
    const outcome = await this.#screen.feed(bytes, this.#needsBase ? this.#baseWithin(bytes.length) : undefined);
    this.#isRefused = outcome.snapshot === undefined && outcome.fed === 0;
    this.#take(outcome);
    if (outcome.snapshot !== undefined) this.#rebase(outcome.snapshot, outcome.size);
  }

  get #needsAnswer(): boolean {
    return this.#isAsked && this.#answeredTo < this.#recording.end;
  }

  get #needsBase(): boolean {
    const { base, end, isLong } = this.#recording;
    return isLong || (this.#waiting.length > 0 && end - base.offset > NEAR_BYTES);
  }

  /**
   * Where in the next bytes a base may be taken: near the end, and not where there is one. When the machine waits for a
   * base, a sequence without an end is given up on.
   */
  #baseWithin(bytes: number): Paint | undefined {
    const { base, end, room } = this.#recording;
    const { offset, size } = this.#at;
    const isAtBase = offset <= base.offset && size <= base.size;
    const from = Math.max(isAtBase ? 1 : 0, end - NEAR_BYTES - offset);
    // Painting costs as much as parsing hundreds of kilobytes: with much to parse, more comes meanwhile.
    const isLate = bytes > 2 * NEAR_BYTES && end < room;
    return from > bytes || isLate ? undefined : { from, isForced: end >= room && offset + bytes === end };
  }

  async #open(): Promise<void> {
    const { base } = this.#recording;
    this.#at = base;
    this.#fed = base.bytes.length;
    // What the base's own bytes ask, nobody has asked.
    await this.#screen.open(base, base.bytes);
  }

  async #resize(size: NumberedSize): Promise<void> {
    this.#at = { offset: this.#at.offset, size: size.number };
    this.#isRefused = false;
    await this.#screen.resize(size);
  }

  /** A question is answered or not by where its last byte stands. */
  get #mostBytes(): number {
    const silent = this.#answeredTo - this.#at.offset;
    return silent > 0 ? Math.min(silent, BATCH_BYTES) : BATCH_BYTES;
  }

  #take({ fed, answers }: Outcome): void {
    this.#at = { offset: this.#at.offset + fed, size: this.#at.size };
    this.#fed += fed;
    if (this.#at.offset <= this.#answeredTo || this.#isOver) return;
    this.#answeredTo = this.#at.offset;
    for (const answer of answers) this.#options.onAnswer(answer);
  }

  #rebase(bytes: Uint8Array, dimensions: TerminalSize): void {
    if (this.#isOver) return;
    const base = { ...this.#at, ...dimensions, bytes };
    if (this.#fed > MAX_FED_BYTES) this.#screen.close();
    this.#recording.rebase(base);
    this.#options.onBase(base);
    this.#release();
  }

  #lose(cause: unknown): void {
    this.#screen.close();
    if (this.#isOver) return;
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

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
