import { INPUT_BUFFER_BYTES } from '../../protocol/limits.ts';
import { type MachineTerminal, TERMINAL_WINDOW_BYTES } from '../machines/driver.ts';
import { History } from './history.ts';
import { TerminalView } from './terminal-view.ts';

/** A page that parses nothing for this long does not hold up the others; alone, it holds the machine for ever. */
const STALL_MS = 3_000;

/** ASCII: Enter, Ctrl-C, Ctrl-D and escape sequences are below. */
const FIRST_PRINTABLE = 0x20;

export interface TerminalEvents {
  /** Output came, or input was applied. */
  activity(): void;
  inputApplied(offset: number): void;
  /** Input that makes a program act: a line, or a control character. */
  lineEntered(): void;
  status(): void;
}

export interface TerminalOptions {
  readonly id: string;
  readonly role: string;
  readonly machineTerminal: MachineTerminal;
  readonly historyBytes: number;
  /** How long output that the last page lacks is kept at any price, after it went away. */
  readonly holdMs: number;
  readonly events: TerminalEvents;
}

/**
 * A machine's terminal, as pages see it: a bounded history, and the pace.
 *
 * The machine may print at most one window beyond what was acknowledged to it. With pages looking, that follows the
 * slowest of them that still moves; with none, first the history may fill up beyond what the last page had, so that
 * coming back within `holdMs` misses nothing, and then output flows on and the oldest of it is dropped.
 */
export class Terminal implements Disposable {
  readonly id: string;
  readonly role: string;
  readonly #machine: MachineTerminal;
  readonly #options: TerminalOptions;
  /** Resolves when everything is here that an adopted machine had printed: a page may have some of it already. */
  readonly caughtUp: Promise<void>;
  readonly #history: History;
  readonly #noteCaughtUp: () => void;
  readonly #views = new Set<TerminalView>();
  #inputEnd: number;
  #inputApplied: number;
  /** What the last page to go had parsed; `undefined` once nobody is expected back. */
  #heldFrom: number | undefined;
  #holdTimer: NodeJS.Timeout | undefined;
  #stallTimer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: TerminalOptions) {
    this.id = options.id;
    this.role = options.role;
    this.#machine = options.machineTerminal;
    this.#options = options;
    const from = this.#machine.outputStart;
    this.#history = new History(options.historyBytes, from);
    this.#inputEnd = this.#machine.inputApplied;
    this.#inputApplied = this.#inputEnd;
    const events = {
      output: (_offset: number, bytes: Uint8Array) => this.#output(bytes),
      inputApplied: (offset: number) => this.#applied(offset),
      status: () => options.events.status(),
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    this.caughtUp = promise;
    this.#noteCaughtUp = resolve;
    this.#catchUp();
    this.#machine.listen(events, { from });
  }

  get user(): string {
    return this.#machine.user;
  }

  get status(): 'open' | 'closed' {
    return this.#machine.status;
  }

  get start(): number {
    return this.#history.start;
  }

  get end(): number {
    return this.#history.end;
  }

  /** Input bytes the machine has applied. */
  get input(): number {
    return this.#inputApplied;
  }

  view(from: number | undefined, onReady: () => void): TerminalView {
    clearTimeout(this.#holdTimer);
    this.#heldFrom = undefined;
    const view = new TerminalView({
      history: this.#history,
      replayBytes: this.#options.historyBytes - TERMINAL_WINDOW_BYTES,
      from,
      onReady,
      onAcknowledged: () => this.#pace(),
      onDisposed: (gone) => this.#leave(gone),
    });
    this.#views.add(view);
    return view;
  }

  /** `gap`: bytes before these never came. `overrun`: more than the machine could take in. */
  write(offset: number, bytes: Uint8Array): 'taken' | 'gap' | 'overrun' {
    if (offset > this.#inputEnd) return 'gap';
    const end = offset + bytes.length;
    if (end - this.#inputApplied > INPUT_BUFFER_BYTES) return 'overrun';
    // What a page sends again is on its way already: repeated, it would pile up before a machine that reads nothing.
    const fresh = bytes.subarray(this.#inputEnd - offset);
    if (fresh.length === 0) return 'taken';
    if (fresh.some((byte) => byte < FIRST_PRINTABLE)) this.#options.events.lineEntered();
    this.#machine.write(this.#inputEnd, fresh);
    this.#inputEnd = end;
    return 'taken';
  }

  resize(cols: number, rows: number): void {
    this.#machine.resize(cols, rows);
  }

  login(): void {
    this.#machine.login();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#holdTimer);
    clearTimeout(this.#stallTimer);
  }

  #output(bytes: Uint8Array): void {
    this.#history.append(bytes);
    this.#catchUp();
    for (const view of this.#views) view.wake();
    this.#pace();
    this.#options.events.activity();
  }

  #catchUp(): void {
    if (this.#history.end >= this.#machine.outputEnd) this.#noteCaughtUp();
  }

  #applied(offset: number): void {
    this.#inputApplied = Math.max(this.#inputApplied, offset);
    this.#options.events.inputApplied(this.#inputApplied);
    this.#options.events.activity();
  }

  #leave(view: TerminalView): void {
    // Of a machine that is gone nothing is expected back: a timer would keep its history for as long.
    if (!this.#views.delete(view) || this.#isOver) return;
    if (this.#views.size === 0) {
      this.#heldFrom = view.acknowledged;
      this.#holdTimer = setTimeout(() => this.#letGo(), this.#options.holdMs).unref();
    }
    this.#pace();
  }

  #letGo(): void {
    this.#heldFrom = undefined;
    this.#pace();
  }

  #pace(): void {
    this.#machine.acknowledge(this.#views.size > 0 ? this.#viewedUpTo() : this.#unviewedUpTo());
  }

  #unviewedUpTo(): number {
    if (this.#heldFrom === undefined) return this.#history.end;
    const room = this.#options.historyBytes - TERMINAL_WINDOW_BYTES;
    return Math.min(this.#history.end, this.#heldFrom + room);
  }

  #viewedUpTo(): number {
    const views = [...this.#views];
    const moving = views.filter(({ isStalled }) => !isStalled);
    const offsets = (moving.length > 0 ? moving : views).map(({ acknowledged }) => acknowledged);
    const slowest = Math.min(...offsets);
    if (Math.max(...offsets) > slowest) this.#stallTimer ??= setTimeout(() => this.#judge(), STALL_MS).unref();
    return slowest;
  }

  /** Somebody waits for somebody slower: is that one still moving? */
  #judge(): void {
    this.#stallTimer = undefined;
    for (const view of this.#views) view.judge(Date.now(), STALL_MS);
    if (this.#views.size > 0) this.#pace();
  }
}
