import type { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';
import { INPUT_BUFFER_BYTES, TERMINAL_COLS, TERMINAL_ROWS } from '../../../protocol/limits.ts';
import { mendErase, type TerminalSize } from '../../../protocol/terminal-copy.ts';
import { element } from '../dom/element.ts';
import { copySelection, isCopyKey, isPasteKey } from './clipboard.ts';
import { LineTyper } from './line-typer.ts';
import { muteAnswers } from './mute-answers.ts';
import { TerminalFeed } from './terminal-feed.ts';
import { leavesLineInUse, typedLines } from './typed-lines.ts';
import type { createXterm } from './xterm.ts';

export interface TerminalEvents {
  input(bytes: Uint8Array): void;
  /** The key that leaves the terminal was pressed. */
  leave(): void;
  /** Enter in a terminal whose shell has ended. */
  login(): void;
  pasteTooLarge(bytes: number): void;
  /** The learner is at this terminal. */
  focused(): void;
  /** The terminal has taken another size. */
  sized(): void;
}

const encoder = new TextEncoder();

/** Ctrl+C */
const INTERRUPT = '\x03';

/** One terminal on the page: xterm.js once it has loaded, what happens to it, and what is typed into it. */
export class TerminalView {
  readonly element = element('div', { class: 'terminal' });
  closed = false;
  readonly #events: TerminalEvents;
  readonly #feed = new TerminalFeed((size) => this.#sized(size));
  #lineInUse = false;
  readonly #typer = new LineTyper((line) => this.#input(line));
  #focusOnAttach = false;
  #terminal: Terminal | undefined;
  #fit: FitAddon | undefined;
  #isAnswer = () => false;
  #size: TerminalSize | undefined;

  constructor(events: TerminalEvents) {
    this.#events = events;
    // A click also where it has the keyboard already: perhaps the learner comes from another window.
    for (const name of ['focusin', 'pointerdown']) this.element.addEventListener(name, () => this.#events.focused());
    this.element.addEventListener('paste', (event) => this.#guardPaste(event), { capture: true });
  }

  attach({ terminal, fit }: ReturnType<typeof createXterm>): void {
    this.#terminal = terminal;
    this.#fit = fit;
    this.#isAnswer = muteAnswers(terminal.parser);
    mendErase(terminal);
    terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    terminal.onData((data) => this.#typed(data));
    terminal.parser.registerOscHandler(133, (mark) => this.#mark(mark));
    terminal.onBinary((data) => this.#events.input(Uint8Array.from(data, (char) => char.charCodeAt(0))));
    terminal.open(this.element);
    // Phones get the command bar instead of a keyboard that xterm.js cannot follow; keys of a real one still arrive.
    if (terminal.textarea && matchMedia('(pointer: coarse)').matches) terminal.textarea.inputMode = 'none';
    this.#feed.attach(terminal);
    showCursor(terminal);
    if (this.#focusOnAttach) terminal.focus();
  }

  /** `done` is called once they were parsed. */
  write(bytes: Uint8Array, done: () => void): void {
    this.#feed.write(bytes, done);
  }

  /** In the stream, so that what was written before is gone and what comes after stays. */
  beginAnew(size: TerminalSize): void {
    this.#feed.beginAnew(size);
  }

  /** Likewise. */
  resize(size: TerminalSize): void {
    this.#feed.resize(size);
  }

  /** The size it has; whose page leads decides it. */
  get size(): TerminalSize | undefined {
    return this.#size;
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

  #sized(size: TerminalSize): void {
    this.#size = size;
    this.#events.sized();
  }

  /** By the learner, who may have second thoughts about what is still to be typed for them. */
  #typed(data: string): void {
    if (this.#isAnswer()) return;
    if (data.includes(INTERRUPT)) this.#typer.cancel();
    this.#input(data);
  }

  #mark(mark: string): boolean {
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
