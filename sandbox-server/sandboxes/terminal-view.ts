import { OUTPUT_HIGH_MARK_BYTES, OUTPUT_LOW_MARK_BYTES } from '../../protocol/limits.ts';
import type { History } from './history.ts';

/** Largest piece handed out at once. */
const CHUNK_BYTES = 16 * 1024;

/** What a page gets next: bytes, or the news that some are no longer held. */
export type Piece =
  | { readonly kind: 'output'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'resync'; readonly offset: number };

export interface TerminalViewOptions {
  readonly history: History;
  /** How far back a page begins that has nothing yet. */
  readonly replayBytes: number;
  /** Where the page goes on; `undefined` when it has nothing. */
  readonly from: number | undefined;
  /** There may be something to take. */
  onReady(): void;
  onAcknowledged(): void;
  onDisposed(view: TerminalView): void;
}

/**
 * One page looking at one terminal. It holds no bytes, only two offsets: what was handed out and what the page has
 * parsed. That is why a slow page costs no memory.
 */
export class TerminalView implements Disposable {
  readonly #options: TerminalViewOptions;
  #sent: number;
  #acknowledged: number;
  #progressAt = Date.now();
  #isStalled = false;
  #isPaused = false;
  #mustResync: boolean;

  constructor(options: TerminalViewOptions) {
    this.#options = options;
    const { history, from, replayBytes } = options;
    const isHeld = from !== undefined && from >= history.start && from <= history.end;
    const start = isHeld ? from : history.replayStart(replayBytes);
    // A page that begins at 0 with nothing needs no telling.
    this.#mustResync = !isHeld && (from !== undefined || start > 0);
    this.#sent = start;
    this.#acknowledged = start;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** It was given up on: others are waiting and it parses nothing. Its next acknowledgement ends that. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** Gives up on a page that has had something to parse for `patienceMs` and parsed none of it. */
  judge(now: number, patienceMs: number): void {
    const hasWork = this.#acknowledged < this.#options.history.end;
    if (hasWork && now - this.#progressAt >= patienceMs) this.#isStalled = true;
  }

  /** The next piece, or `undefined` until `onReady`: nothing new, or too much not yet parsed. */
  take(): Piece | undefined {
    const { history } = this.#options;
    if (this.#sent < history.start) this.#skipTo(history.replayStart(this.#options.replayBytes));
    if (this.#mustResync) {
      this.#mustResync = false;
      return { kind: 'resync', offset: this.#sent };
    }
    const outstanding = this.#sent - this.#acknowledged;
    if (outstanding >= OUTPUT_HIGH_MARK_BYTES) this.#isPaused = true;
    if (this.#isPaused) return undefined;
    const bytes = history.read(this.#sent, Math.min(CHUNK_BYTES, OUTPUT_HIGH_MARK_BYTES - outstanding));
    if (bytes.length === 0) return undefined;
    if (outstanding === 0) this.#progressAt = Date.now();
    const offset = this.#sent;
    this.#sent += bytes.length;
    return { kind: 'output', offset, bytes };
  }

  /** False for an offset that was never handed out: the page is lying. */
  acknowledge(offset: number): boolean {
    if (offset > this.#sent) return false;
    if (offset <= this.#acknowledged) return true;
    this.#acknowledged = offset;
    this.#progressAt = Date.now();
    this.#isStalled = false;
    if (this.#isPaused && this.#sent - offset <= OUTPUT_LOW_MARK_BYTES) this.#isPaused = false;
    this.#options.onAcknowledged();
    this.#options.onReady();
    return true;
  }

  wake(): void {
    this.#options.onReady();
  }

  [Symbol.dispose](): void {
    this.#options.onDisposed(this);
  }

  #skipTo(offset: number): void {
    this.#sent = offset;
    this.#acknowledged = offset;
    this.#isPaused = false;
    this.#mustResync = true;
  }
}
