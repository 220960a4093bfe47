import type { TerminalFrame } from '../../../protocol/frames.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import type { AttemptState } from '../../../protocol/state.ts';
import type { Link, LinkListener, LinkMessage, LinkStatus, Resume } from '../link/link.ts';
import { InputBuffer } from './input-buffer.ts';
import { OutputStream } from './output-stream.ts';

/** What the rest of the page is told. `state` and `link` carry no payload: read them from the session. */
export interface SessionListener {
  changed(): void;
  /** A new sandbox: its terminals start empty. */
  sandboxChanged(): void;
  output(terminal: string, output: { bytes: Uint8Array; end: number; epoch: number }): void;
  /** Output was lost to the server's history limit: clear the screen, go on from here. */
  resync(terminal: string): void;
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
  /** Output below this was produced before this page was there: it is replayed, not live. */
  readonly replayedTo: number;
}

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
    return [...this.#streams.values()].some(({ input }) => input.totalBytes > 0);
  }

  replayedTo(terminal: string): number {
    return this.#streams.get(terminal)?.replayedTo ?? 0;
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

  resume(): Resume {
    const sandbox = this.#state?.sandbox?.id ?? this.#lastSandbox ?? this.#returnsTo;
    if (sandbox === null) return null;
    return { sandbox, outputs: Object.fromEntries([...this.#streams].map(([id, { output }]) => [id, output.next])) };
  }

  frame({ terminal, epoch, offset, bytes }: TerminalFrame): void {
    const id = this.#state?.terminals[terminal]?.id;
    if (id === undefined || epoch !== this.#state?.sandbox?.epoch) return;
    const fresh = this.#streams.get(id)?.output.accept(offset, bytes);
    if (fresh) this.#listener.output(id, { ...fresh, epoch });
  }

  message(message: ServerMessage): void {
    if (message.type === 'state') this.#accept(message.state);
    else if (message.type === 'inputAck') this.#applied(message);
    else if (message.type === 'resync') this.#resync(message);
    else if (message.type !== 'heartbeat') this.#listener.answer(message);
  }

  #accept(state: AttemptState): void {
    const isNew = state.sandbox?.id !== this.#state?.sandbox?.id;
    this.#state = state;
    this.#receivedAt = Date.now();
    if (isNew) this.#streams.clear();
    this.#lastSandbox = state.sandbox?.id ?? this.#lastSandbox;
    for (const { id, start, end, input } of state.terminals) {
      const known = this.#streams.get(id);
      if (known) known.input.applied(input);
      else {
        const output = new OutputStream(start);
        this.#streams.set(id, { input: new InputBuffer(input), output, replayedTo: end });
      }
    }
    if (isNew) this.#listener.sandboxChanged();
    else if (this.#status.kind !== 'open') this.#sendPending();
    this.#listener.changed();
  }

  #applied({ epoch, terminal, offset }: Extract<ServerMessage, { type: 'inputAck' }>): void {
    if (epoch === this.#state?.sandbox?.epoch) this.#streams.get(terminal)?.input.applied(offset);
  }

  #resync({ epoch, terminal, offset }: Extract<ServerMessage, { type: 'resync' }>): void {
    if (epoch !== this.#state?.sandbox?.epoch) return;
    this.#streams.get(terminal)?.output.skipTo(offset);
    this.#listener.resync(terminal);
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
