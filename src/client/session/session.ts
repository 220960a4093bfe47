import type { TerminalFrame } from '../../../protocol/frames.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import type { AttemptState } from '../../../protocol/state.ts';
import type { TerminalSize } from '../../../protocol/terminal-copy.ts';
import type { Introduction, Link, LinkListener, LinkMessage, LinkStatus } from '../link/link.ts';
import { InputBuffer } from './input-buffer.ts';
import { OutputStream } from './output-stream.ts';

/** What the rest of the page is told. `state` and `link` carry no payload: read them from the session. */
export interface SessionListener {
  changed(): void;
  /** A new sandbox: its terminals start empty. */
  sandboxChanged(): void;
  output(terminal: string, output: { bytes: Uint8Array; end: number; epoch: number }): void;
  /** What the terminal shows is forgotten; a snapshot follows. */
  beginsAnew(terminal: string, size: TerminalSize): void;
  snapshot(terminal: string, bytes: Uint8Array): void;
  /** When all output before was parsed. */
  resized(terminal: string, size: TerminalSize): void;
  answer(message: Extract<ServerMessage, { type: 'hint' | 'solution' | 'error' }>): void;
}

export interface SessionOptions {
  readonly lab: string;
  /** The sandbox this browser had before: the server then tells its end and does not start another by itself. */
  readonly returnsTo: string | null;
  readonly listener: SessionListener;
  openLink(listener: LinkListener): Link;
}

interface Streams {
  readonly input: InputBuffer;
  readonly output: OutputStream;
}

/** Bytes of this page's name, which nobody may guess who shares the attempt: input is numbered under it. */
const NAME_BYTES = 12;

/** One attempt as this page knows it: the server's state, and per terminal the numbered bytes in both directions. */
export class Session implements LinkListener {
  readonly lab: string;
  readonly #returnsTo: string | null;
  readonly #listener: SessionListener;
  readonly #link: Link;
  readonly #streams = new Map<string, Streams>();
  #state: AttemptState | null = null;
  #status: LinkStatus = { kind: 'connecting' };
  #receivedAt = 0;
  #lastSandbox: string | null = null;
  readonly #page = makeName();

  constructor({ lab, returnsTo, openLink, listener }: SessionOptions) {
    this.lab = lab;
    this.#returnsTo = returnsTo;
    this.#listener = listener;
    this.#link = openLink(this);
  }

  get state(): AttemptState | null {
    return this.#state;
  }

  get linkStatus(): LinkStatus {
    return this.#status;
  }

  /** Milliseconds the sandbox still has, or null without one. */
  remainingMs(now: number): number | null {
    const sandbox = this.#state?.sandbox;
    return sandbox ? Math.max(0, sandbox.remainingMs - (now - this.#receivedAt)) : null;
  }

  connect(): void {
    this.#link.connect();
  }

  send(message: LinkMessage): boolean {
    return this.#link.send(message);
  }

  close(): void {
    this.#link.close();
  }

  /** False when the machine is too far behind to take more: nothing of it was sent. */
  type(terminal: string, bytes: Uint8Array): boolean {
    const numbered = this.#streams.get(terminal)?.input.push(bytes);
    if (!numbered) return false;
    this.#sendInput(terminal, numbered.offset, numbered.bytes);
    return true;
  }

  /** Did anybody work in this sandbox? A reset then loses something. */
  get touched(): boolean {
    const typedHere = [...this.#streams.values()].some(({ input }) => input.totalBytes > 0);
    return typedHere || (this.#state?.terminals.some(({ input }) => input > 0) ?? false);
  }

  /** To be called when the terminal has parsed output up to `end`. */
  parsed(terminal: string, { end, epoch }: { end: number; epoch: number }): void {
    if (epoch !== this.#state?.sandbox?.epoch) return;
    const offset = this.#streams.get(terminal)?.output.parsed(end);
    if (offset != null) this.#link.send({ type: 'ack', epoch, terminal, offset });
  }

  status(status: LinkStatus): void {
    this.#status = status;
    this.#listener.changed();
  }

  introduce(): Introduction {
    const sandbox = this.#state?.sandbox?.id ?? this.#lastSandbox ?? this.#returnsTo;
    if (sandbox === null) return { page: this.#page, resume: null };
    const places = [...this.#streams].flatMap(([id, { output }]) =>
      output.place ? [[id, output.place] as const] : [],
    );
    return { page: this.#page, resume: { sandbox, outputs: Object.fromEntries(places) } };
  }

  frame({ kind, terminal, epoch, offset, bytes }: TerminalFrame): void {
    const id = this.#state?.terminals[terminal]?.id;
    if (id === undefined || epoch !== this.#state?.sandbox?.epoch) return;
    const output = this.#streams.get(id)?.output;
    if (kind === 'screen') {
      if (output?.acceptScreen(bytes)) this.#listener.snapshot(id, bytes);
      return;
    }
    const fresh = output?.accept(offset, bytes);
    if (fresh) this.#listener.output(id, { ...fresh, epoch });
  }

  message(message: ServerMessage): void {
    if (message.type === 'state') this.#accept(message.state);
    else if (message.type === 'inputAck') this.#applied(message);
    else if (message.type === 'screen' || message.type === 'size') this.#place(message);
    else if (message.type !== 'heartbeat') this.#listener.answer(message);
  }

  #accept(state: AttemptState): void {
    const isNew = state.sandbox?.id !== this.#state?.sandbox?.id;
    this.#state = state;
    this.#receivedAt = Date.now();
    if (isNew) this.#streams.clear();
    this.#lastSandbox = state.sandbox?.id ?? this.#lastSandbox;
    for (const { id } of state.terminals) {
      if (!this.#streams.has(id)) this.#streams.set(id, { input: new InputBuffer(), output: new OutputStream() });
    }
    if (isNew) this.#listener.sandboxChanged();
    else if (this.#status.kind !== 'open') this.#sendPending();
    this.#listener.changed();
  }

  #applied({ epoch, terminal, offset }: Extract<ServerMessage, { type: 'inputAck' }>): void {
    if (epoch === this.#state?.sandbox?.epoch) this.#streams.get(terminal)?.input.applied(offset);
  }

  #place(message: Extract<ServerMessage, { type: 'screen' | 'size' }>): void {
    const { epoch, terminal, cols, rows } = message;
    const output = this.#streams.get(terminal)?.output;
    if (epoch !== this.#state?.sandbox?.epoch || !output) return;
    if (message.type === 'screen') {
      output.beginAnew(message);
      this.#listener.beginsAnew(terminal, { cols, rows });
    } else if (output.acceptSize(message.size)) this.#listener.resized(terminal, { cols, rows });
  }

  #sendPending(): void {
    for (const [terminal, { input }] of this.#streams) {
      const pending = input.pending();
      if (pending) this.#sendInput(terminal, pending.offset, pending.bytes);
    }
  }

  #sendInput(terminal: string, offset: number, bytes: Uint8Array): void {
    const index = this.#state?.terminals.findIndex(({ id }) => id === terminal) ?? -1;
    const epoch = this.#state?.sandbox?.epoch;
    if (index >= 0 && epoch !== undefined) {
      this.#link.sendFrame({ kind: 'input', terminal: index, epoch, offset, bytes });
    }
  }
}

function makeName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(NAME_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
