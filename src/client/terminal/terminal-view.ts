import type { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';
import { INPUT_BUFFER_BYTES, TERMINAL_COLS, TERMINAL_ROWS } from '../../../protocol/limits.ts';
import { element } from '../dom/element.ts';
import { copySelection, isCopyKey, isPasteKey } from './clipboard.ts';
import { LineTyper } from './line-typer.ts';
import { guardReplay } from './replay-guard.ts';
import { leavesLineInUse, typedLines } from './typed-lines.ts';
import type { createXterm } from './xterm.ts';

export interface TerminalEvents {
  input(bytes: Uint8Array): void;
  /** The key that leaves the terminal was pressed. */
  leave(): void;
  /** Enter in a terminal whose shell has ended. */
  login(): void;
  pasteTooLarge(bytes: number): void;
}

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

const RESET_TERMINAL = '\x1bc';
const encoder = new TextEncoder();

/** Ctrl+C */
const INTERRUPT = '\x03';

/**
 * One terminal on the page. Output may be written before xterm.js has loaded; it waits in a queue that the protocol's
 * flow control bounds, because nothing is acknowledged until it was parsed.
 */
export class TerminalView {
  readonly element = element('div', { class: 'terminal' });
  closed = false;
  readonly #events: TerminalEvents;
  readonly #replayedTo: number;
  #replaying: boolean;
  #lineInUse = false;
  readonly #typer = new LineTyper((line) => this.#input(line));
  #focusOnAttach = false;
  #terminal: Terminal | undefined;
  #fit: FitAddon | undefined;
  #queue: { data: Uint8Array | string; done: () => void }[] = [];

  constructor({ replayedTo, start, events }: { replayedTo: number; start: number; events: TerminalEvents }) {
    this.#events = events;
    this.#replayedTo = replayedTo;
    this.#replaying = replayedTo > start;
    this.element.addEventListener('paste', (event) => this.#guardPaste(event), { capture: true });
  }

  attach({ terminal, fit }: ReturnType<typeof createXterm>): void {
    this.#terminal = terminal;
    this.#fit = fit;
    guardReplay(terminal.parser, () => this.#replaying);
    terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    terminal.onData((data) => this.#typed(data));
    terminal.parser.registerOscHandler(133, (mark) => this.#mark(mark));
    terminal.onBinary((data) => this.#events.input(Uint8Array.from(data, (char) => char.charCodeAt(0))));
    terminal.open(this.element);
    // Phones get the command bar instead of a keyboard that xterm.js cannot follow; keys of a real one still arrive.
    if (terminal.textarea && matchMedia('(pointer: coarse)').matches) terminal.textarea.inputMode = 'none';
    for (const { data, done } of this.#queue) terminal.write(data, done);
    this.#queue = [];
    showCursor(terminal);
    if (this.#focusOnAttach) terminal.focus();
  }

  /** `done` is called once the bytes up to `end` were parsed. */
  write(bytes: Uint8Array, end: number, done: () => void): void {
    const fresh = this.#replaying ? Math.max(0, Math.min(bytes.length, end - this.#replayedTo)) : bytes.length;
    const old = bytes.subarray(0, bytes.length - fresh);
    // Also without old bytes: after a resync the stream may go on beyond what was to be replayed.
    if (this.#replaying) {
      this.#write(old, () => {
        if (end - fresh >= this.#replayedTo) this.#replaying = false;
        if (fresh === 0) done();
      });
    }
    if (fresh > 0) this.#write(bytes.subarray(bytes.length - fresh), done);
  }

  /** In the stream, so that what was written before is gone and what comes after stays. */
  clear(): void {
    this.#write(RESET_TERMINAL, () => {});
  }

  /** Types as a person would, one line after the other. */
  enterLines(code: string): void {
    this.#typer.enter(typedLines(code, { lineInUse: this.#lineInUse }));
    this.#terminal?.scrollToBottom();
  }

  /** Keys from the touch bar. */
  press(data: string): void {
    if (this.closed && data.endsWith('\r')) this.#events.login();
    else this.#typed(data);
  }

  get applicationCursorKeys(): boolean {
    return this.#terminal?.modes.applicationCursorKeysMode ?? false;
  }

  /** The size that fills the element, or null while it is not shown. */
  proposedSize(): TerminalSize | null {
    const size = this.element.clientHeight > 0 ? this.#fit?.proposeDimensions() : undefined;
    if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return null;
    return { cols: within(size.cols, TERMINAL_COLS), rows: within(size.rows, TERMINAL_ROWS) };
  }

  resize({ cols, rows }: TerminalSize): void {
    this.#terminal?.resize(cols, rows);
  }

  focus(): void {
    if (this.#terminal) this.#terminal.focus();
    else this.#focusOnAttach = true;
  }

  setScreenReader(on: boolean): void {
    if (this.#terminal) this.#terminal.options.screenReaderMode = on;
  }

  dispose(): void {
    this.#terminal?.dispose();
    this.element.remove();
  }

  #write(data: Uint8Array | string, done: () => void): void {
    if (this.#terminal) this.#terminal.write(data, done);
    else this.#queue.push({ data, done });
  }

  /** By the learner, who may have second thoughts about what is still to be typed for them. */
  #typed(data: string): void {
    if (data.includes(INTERRUPT)) this.#typer.cancel();
    this.#input(data);
  }

  #mark(mark: string): boolean {
    if (this.#replaying) return true;
    if (mark.startsWith('C')) this.#typer.commandStarted();
    if (mark.startsWith('B')) this.#typer.promptShown();
    return true;
  }

  #input(data: string): void {
    if (this.closed) {
      this.#typer.cancel();
      return;
    }
    this.#lineInUse = leavesLineInUse(data);
    this.#events.input(encoder.encode(data));
  }

  #key(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown') return true;
    if (event.key === 'F6' && !event.ctrlKey && !event.altKey && !event.metaKey) return this.#take(event, 'leave');
    if (this.closed && event.key === 'Enter') return this.#take(event, 'login');
    if (isPasteKey(event)) return false;
    if (!isCopyKey(event)) return true;
    event.preventDefault();
    if (this.#terminal?.hasSelection()) copySelection(this.#terminal.getSelection());
    return false;
  }

  #take(event: KeyboardEvent, what: 'leave' | 'login'): false {
    event.preventDefault();
    this.#events[what]();
    return false;
  }

  #guardPaste(event: ClipboardEvent): void {
    const bytes = encoder.encode(event.clipboardData?.getData('text/plain') ?? '').length;
    if (bytes <= INPUT_BUFFER_BYTES) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#events.pasteTooLarge(bytes);
  }
}

/**
 * xterm.js draws no cursor before the first focus, and on touch screens there never is one. It has no option for that;
 * these two events leave the real focus where it is.
 */
function showCursor({ textarea }: Terminal): void {
  for (const name of ['focus', 'blur']) textarea?.dispatchEvent(new FocusEvent(name));
}

function within(value: number, { min, max }: { min: number; max: number }): number {
  return Math.min(max, Math.max(min, value));
}
