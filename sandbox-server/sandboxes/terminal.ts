import type { TerminalSize } from '../../protocol/terminal-copy.ts';
import type { MachineTerminal } from '../machines/driver.ts';
import { type Place, Recording } from './recording.ts';
import { type KeptTerminal, RecordingFile } from './recording-file/recording-file.ts';
import { ScreenKeeper } from './screen/screen-keeper.ts';
import { TerminalView, type ViewedTerminal } from './terminal-view.ts';
import { type OrderedInput, Typists } from './typists.ts';

/** ASCII: Enter, Ctrl-C, Ctrl-D and escape sequences are below. */
const FIRST_PRINTABLE = 0x20;

/** Pages of which it is remembered when they were last attended to, while they are away. */
const REMEMBERED_PAGES = 64;

export interface TerminalEvents {
  /** Output came, or input was applied. */
  activity(): void;
  /** Input that makes a program act: a line, or a control character. */
  lineEntered(): void;
  status(): void;
  /** xterm.js could not take some output: what is on the screen is not known to the server any more. */
  screenLost(cause: unknown): void;
  /** A later server would know nothing of what happens now: is the disk full? */
  recordingFailed(cause: unknown): void;
}

export interface TerminalOptions {
  readonly id: string;
  readonly role: string;
  readonly machineTerminal: MachineTerminal;
  readonly historyBytes: number;
  /** Where it is kept for a later server; null where there will be none. */
  readonly recordingPath: string | null;
  readonly events: TerminalEvents;
}

export interface ViewOptions {
  /** The page's own name, the same over all of its connections. */
  readonly page: string;
  /** Where the page stands; `undefined` when it has nothing. */
  readonly from: Place | undefined;
  onReady(): void;
  onInputApplied(offset: number): void;
}

/**
 * A machine's terminal, as pages see it: a recording, one order of input, one size, and the pace.
 *
 * One page leads, the one that was last typed into, focused or opened: the terminal has the size it asks for, and the
 * machine may print at most one window beyond what it has parsed. Pages that fall behind the recording begin anew from a
 * snapshot. With no page at all output flows on, as fast as it can be recorded.
 */
export class Terminal implements Disposable, ViewedTerminal {
  readonly id: string;
  readonly role: string;
  /** Resolves when everything is here that an adopted machine had printed: a page may have some of it already. */
  readonly caughtUp: Promise<void>;
  readonly #machine: MachineTerminal;
  readonly #events: TerminalEvents;
  readonly #recording: Recording;
  readonly #file: RecordingFile | undefined;
  readonly #keeper: ScreenKeeper;
  readonly #typists: Typists;
  readonly #noteCaughtUp: () => void;
  readonly #views = new Set<TerminalView>();
  /** By page, in the order in which they were attended to. */
  readonly #attention = new Map<string, number>();
  #attentions = 0;

  constructor({ id, role, machineTerminal, historyBytes, recordingPath, events }: TerminalOptions) {
    this.id = id;
    this.role = role;
    this.#machine = machineTerminal;
    this.#events = events;
    if (recordingPath !== null) this.#file = new RecordingFile(recordingPath, (cause) => events.recordingFailed(cause));
    const kept = this.#kept();
    this.#recording = new Recording({
      ...{ capacityBytes: historyBytes, start: machineTerminal.outputStart },
      ...(kept && { kept }),
    });
    this.#typists = new Typists(machineTerminal.inputApplied, kept);
    this.#keeper = new ScreenKeeper({
      recording: this.#recording,
      onAnswer: (answer) => this.#answer(answer),
      onBase: () => this.#based(),
      onLost: (cause) => events.screenLost(cause),
    });
    ({ promise: this.caughtUp, resolve: this.#noteCaughtUp } = Promise.withResolvers<void>());
    const listener = {
      output: (_offset: number, bytes: Uint8Array) => this.#output(bytes),
      inputApplied: (offset: number) => this.#applied(offset),
      status: () => events.status(),
    };
    machineTerminal.listen(listener, { from: this.#recording.end });
    this.#goOn(kept);
    this.#catchUp();
  }

  get user(): string {
    return this.#machine.user;
  }

  get status(): 'open' | 'closed' {
    return this.#machine.status;
  }

  /** Where the output ends so far. */
  get end(): number {
    return this.#recording.end;
  }

  get size(): TerminalSize {
    return this.#recording.size;
  }

  /** Input bytes the machine has applied, from whomever. */
  get input(): number {
    return this.#typists.applied;
  }

  view({ page, from, onReady, onInputApplied }: ViewOptions): TerminalView {
    const source = { recording: this.#recording, refresh: () => this.#keeper.refresh() };
    const view = new TerminalView({ ...source, page, from, onReady, onInputApplied }, this);
    this.#views.add(view);
    if (this.#typists.appliedOf(page) > 0) view.inputApplied(this.#typists.appliedOf(page));
    this.#pace();
    return view;
  }

  login(): void {
    this.#machine.login();
  }

  type(view: TerminalView, offset: number, bytes: Uint8Array): 'taken' | 'gap' | 'overrun' {
    const input = this.#typists.order(view.page, offset, bytes);
    if (input === 'gap' || input === 'overrun') return input;
    if (input === undefined) return 'taken';
    this.attended(view);
    if (input.bytes.some((byte) => byte < FIRST_PRINTABLE)) this.#events.lineEntered();
    this.#write(input);
    return 'taken';
  }

  boxed(view: TerminalView): void {
    if (view === this.#leader) this.#takeSizeOf(view);
  }

  attended(view: TerminalView): void {
    if (view === this.#leader && this.#attention.has(view.page)) return;
    this.#attentions += 1;
    this.#attention.delete(view.page);
    this.#attention.set(view.page, this.#attentions);
    const [oldest] = this.#attention.keys();
    if (this.#attention.size > REMEMBERED_PAGES && oldest !== undefined) this.#attention.delete(oldest);
    this.#takeSizeOf(view);
    this.#pace();
  }

  acknowledged(): void {
    this.#pace();
  }

  left(view: TerminalView): void {
    if (this.#views.delete(view)) this.#pace();
  }

  [Symbol.dispose](): void {
    this.#keeper[Symbol.dispose]();
    this.#file?.[Symbol.dispose]();
  }

  /** What an earlier server left, unless the machine has let go of what came after it. */
  #kept(): KeptTerminal | undefined {
    const kept = this.#file?.read();
    if (kept === undefined) return undefined;
    const end = kept.events.reduce(
      (offset, event) => offset + (event.kind === 'output' ? event.bytes.length : 0),
      kept.base.offset,
    );
    return end < this.#machine.outputStart ? undefined : kept;
  }

  #goOn(kept: KeptTerminal | undefined): void {
    if (kept === undefined) this.#beginFile();
    for (const { offset, bytes } of this.#typists.underWay) this.#machine.write(offset, bytes);
    const { cols, rows } = this.#recording.size;
    const isAdopted = this.#recording.end > 0 || this.#typists.applied > 0;
    // Whatever size it had, the one that is written down is the one that pages are told.
    if (isAdopted) this.#machine.resize(cols, rows);
  }

  #beginFile(): void {
    const { base, sinceBase: events } = this.#recording;
    const { record: typists, underWay: inputs } = this.#typists;
    this.#file?.begin({ base, events, typists, inputs });
  }

  get #leader(): TerminalView | undefined {
    let leader: TerminalView | undefined;
    for (const view of this.#views) {
      if (leader === undefined || this.#rank(view) >= this.#rank(leader)) leader = view;
    }
    return leader;
  }

  #rank(view: TerminalView): number {
    return this.#attention.get(view.page) ?? 0;
  }

  #takeSizeOf({ box }: TerminalView): void {
    const size = box === undefined ? undefined : this.#recording.resize(box);
    if (size === undefined) return;
    this.#file?.size(size);
    this.#machine.resize(size.cols, size.rows);
    this.#keeper.noteSize();
    this.#wake();
  }

  /** There is room again: for output, and for a size that could not be kept. */
  #based(): void {
    this.#beginFile();
    const leader = this.#leader;
    if (leader !== undefined) this.#takeSizeOf(leader);
    this.#pace();
  }

  #output(bytes: Uint8Array): void {
    this.#recording.append(bytes);
    this.#file?.output(bytes);
    this.#keeper.note(bytes);
    this.#catchUp();
    this.#wake();
    this.#pace();
    this.#events.activity();
  }

  #catchUp(): void {
    if (this.#recording.end >= this.#machine.outputEnd) this.#noteCaughtUp();
  }

  #applied(offset: number): void {
    const pages = this.#typists.apply(offset);
    for (const view of this.#views) {
      if (pages.has(view.page)) view.inputApplied(this.#typists.appliedOf(view.page));
    }
    this.#events.activity();
  }

  #answer(answer: string): void {
    const input = this.#typists.answer(Buffer.from(answer, 'latin1'));
    if (input !== undefined) this.#write(input);
  }

  #write(input: OrderedInput): void {
    this.#file?.input(input);
    this.#machine.write(input.offset, input.bytes);
  }

  #wake(): void {
    for (const view of this.#views) view.wake();
  }

  /** A leader that has nothing yet, because its snapshot is being made, holds nobody up. */
  #pace(): void {
    const { end, room } = this.#recording;
    this.#machine.acknowledge(Math.min(this.#leader?.acknowledged ?? end, end, room));
  }
}
