import type { Duplex } from 'node:stream';
import { type MachineTerminal, type MachineTerminalEvents, TERMINAL_WINDOW_BYTES } from '../driver.ts';
import type { ControlLink } from './control-link.ts';
import { readFromGuest, writeToGuest } from './guest-port.ts';
import { Unparsed } from './unparsed.ts';

/** Frames on a terminal's port: kind, offset, length of what follows (guest/agent/terminal.py has the other end). */
const KIND = { output: 1, inputApplied: 2, input: 3, ack: 4, hello: 5 } as const;
const HEADER_BYTES = 13;
const MAX_FRAME_BYTES = 64 * 1024;

export interface TerminalLinkOptions {
  readonly id: string;
  readonly user: string;
  readonly socket: Duplex;
  readonly control: ControlLink;
  readonly onViolation: (detail: string) => void;
  /** Something is asked of the guest, which has to run for that. */
  readonly onAsked?: () => void;
  /** Of a machine that another server had before. */
  readonly adopted?: {
    readonly status: 'open' | 'closed';
    readonly inputApplied: number;
    readonly outputStart: number;
    readonly outputEnd: number;
  };
}

/** One terminal of a machine, over its virtio-serial port. The guest is not trusted: offsets are checked. */
export class TerminalLink implements MachineTerminal {
  readonly id: string;
  readonly user: string;
  readonly #options: TerminalLinkOptions;
  #events: MachineTerminalEvents | undefined;
  #status: 'open' | 'closed';
  #received = 0;
  #acknowledged = 0;
  #inputEnd: number;
  #inputApplied: number;
  readonly #unparsed = new Unparsed();
  /** Output of the bytes at hand, not passed on yet: it ends at `#received`. */
  #fresh: Buffer[] = [];

  constructor(options: TerminalLinkOptions) {
    this.id = options.id;
    this.user = options.user;
    this.#options = options;
    this.#status = options.adopted?.status ?? 'open';
    this.#inputApplied = options.adopted?.inputApplied ?? 0;
    this.#inputEnd = this.#inputApplied;
    options.socket.on('error', () => {});
    readFromGuest(options.socket, (data) => this.#receive(data));
  }

  get status(): 'open' | 'closed' {
    return this.#status;
  }

  get outputStart(): number {
    return this.#options.adopted?.outputStart ?? 0;
  }

  get outputEnd(): number {
    return this.#options.adopted?.outputEnd ?? 0;
  }

  get inputApplied(): number {
    return this.#inputApplied;
  }

  /** The agent keeps everything printed since the template was made, so the prompt arrives with the answer. */
  listen(events: MachineTerminalEvents, { from = 0 } = {}): void {
    if (this.#events) throw new Error(`Terminal ${this.id} already has a listener. A machine's terminal has one.`);
    this.#events = events;
    this.#received = Math.max(from, this.outputStart);
    this.#acknowledged = this.#received;
    this.#send(KIND.hello, this.#received);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#inputEnd = Math.max(this.#inputEnd, offset + bytes.length);
    this.#send(KIND.input, offset, bytes);
    this.#options.onAsked?.();
  }

  acknowledge(offset: number): void {
    if (offset <= this.#acknowledged) return;
    this.#acknowledged = offset;
    this.#send(KIND.ack, offset);
  }

  resize(cols: number, rows: number): void {
    this.#options.control.send({ op: 'resize', terminal: this.id, cols, rows });
    this.#options.onAsked?.();
  }

  login(): void {
    this.#options.control.send({ op: 'login', terminal: this.id });
    this.#options.onAsked?.();
  }

  close(): void {
    this.#options.socket.destroy();
  }

  /** Called by the machine when the agent says so. */
  setStatus(status: 'open' | 'closed'): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#events?.status(status);
  }

  #send(kind: number, offset: number, bytes: Uint8Array = new Uint8Array()): void {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(kind);
    header.writeBigUInt64BE(BigInt(offset), 1);
    header.writeUInt32BE(bytes.length, 9);
    const frame = bytes.length === 0 ? header : Buffer.concat([header, bytes]);
    if (!writeToGuest(this.#options.socket, frame)) this.#violate('does not read its port');
  }

  /**
   * What comes in one piece is passed on in one: a guest that sends a byte per frame would otherwise have every byte
   * travel to the page by itself.
   */
  #receive(data: Buffer): void {
    const applied = this.#inputApplied;
    this.#unparsed.add(data);
    const violation = this.#parse();
    this.#passOn();
    // Only news is passed on: a guest that repeats itself would keep the server busy with every page.
    if (this.#inputApplied > applied) this.#events?.inputApplied(this.#inputApplied);
    if (violation !== undefined) this.#violate(violation);
  }

  /** Returns what the agent would not send; what came before it counts. */
  #parse(): string | undefined {
    const { bytes } = this.#unparsed;
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUInt32BE(at + 9);
      if (length > MAX_FRAME_BYTES) return `a frame of ${length} bytes`;
      const start = at + HEADER_BYTES;
      if (bytes.length - start < length) break;
      const offset = Number(bytes.readBigUInt64BE(at + 1));
      const end = start + length;
      const violation = this.#frame(bytes.readUInt8(at), offset, bytes, start, end);
      if (violation !== undefined) return violation;
      at = end;
    }
    this.#unparsed.skip(at);
    return undefined;
  }

  #frame(kind: number, offset: number, bytes: Buffer, start: number, end: number): string | undefined {
    if (kind === KIND.inputApplied && offset <= this.#inputEnd) {
      this.#inputApplied = Math.max(this.#inputApplied, offset);
      return undefined;
    }
    if (kind !== KIND.output || offset > this.#received) return `kind ${kind} at offset ${offset}`;
    const from = start + this.#received - offset;
    if (from >= end) return undefined;
    const received = this.#received + end - from;
    // The agent stops one window after the last acknowledgement, plus at most the chunk it was sending.
    if (received - this.#acknowledged > TERMINAL_WINDOW_BYTES + MAX_FRAME_BYTES) return 'more output than its window';
    this.#received = received;
    this.#fresh.push(bytes.subarray(from, end));
    return undefined;
  }

  #passOn(): void {
    const [first] = this.#fresh;
    if (first === undefined) return;
    const output = this.#fresh.length === 1 ? first : Buffer.concat(this.#fresh);
    this.#fresh = [];
    this.#events?.output(this.#received - output.length, output);
  }

  #violate(detail: string): void {
    this.#options.socket.destroy();
    this.#options.onViolation(`terminal ${this.id}: ${detail}`);
  }
}
