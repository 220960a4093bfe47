import type { Socket } from 'node:net';
import { type MachineTerminal, type MachineTerminalEvents, TERMINAL_WINDOW_BYTES } from '../driver.ts';
import type { ControlLink } from './control-link.ts';
import { writeToGuest } from './guest-port.ts';

/** Frames on a terminal's port: kind, offset, length of what follows (guest/agent/terminal.py has the other end). */
const KIND = { output: 1, inputApplied: 2, input: 3, ack: 4, hello: 5 } as const;
const HEADER_BYTES = 13;
const MAX_FRAME_BYTES = 64 * 1024;

export interface TerminalLinkOptions {
  readonly id: string;
  readonly user: string;
  readonly socket: Socket;
  readonly control: ControlLink;
  readonly onViolation: (detail: string) => void;
}

/** One terminal of a machine, over its virtio-serial port. The guest is not trusted: offsets are checked. */
export class TerminalLink implements MachineTerminal {
  readonly id: string;
  readonly user: string;
  readonly #options: TerminalLinkOptions;
  #events: MachineTerminalEvents | undefined;
  #status: 'open' | 'closed' = 'open';
  #received = 0;
  #acknowledged = 0;
  #inputEnd = 0;
  #inputApplied = 0;
  #unparsed: Buffer = Buffer.alloc(0);

  constructor(options: TerminalLinkOptions) {
    this.id = options.id;
    this.user = options.user;
    this.#options = options;
    options.socket.on('error', () => {});
    options.socket.on('data', (data: Buffer) => this.#receive(data));
  }

  get status(): 'open' | 'closed' {
    return this.#status;
  }

  get inputApplied(): number {
    return this.#inputApplied;
  }

  /** The agent keeps everything printed since the template was made, so the prompt arrives with the answer. */
  listen(events: MachineTerminalEvents, { from = 0 } = {}): void {
    if (this.#events) throw new Error(`Terminal ${this.id} already has a listener. A machine's terminal has one.`);
    this.#events = events;
    this.#received = from;
    this.#acknowledged = from;
    this.#send(KIND.hello, this.#received);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#inputEnd = Math.max(this.#inputEnd, offset + bytes.length);
    this.#send(KIND.input, offset, bytes);
  }

  acknowledge(offset: number): void {
    if (offset <= this.#acknowledged) return;
    this.#acknowledged = offset;
    this.#send(KIND.ack, offset);
  }

  resize(cols: number, rows: number): void {
    this.#options.control.send({ op: 'resize', terminal: this.id, cols, rows });
  }

  login(): void {
    this.#options.control.send({ op: 'login', terminal: this.id });
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

  #receive(data: Buffer): void {
    this.#unparsed = this.#unparsed.length === 0 ? data : Buffer.concat([this.#unparsed, data]);
    while (this.#unparsed.length >= HEADER_BYTES) {
      const length = this.#unparsed.readUInt32BE(9);
      if (length > MAX_FRAME_BYTES) {
        this.#violate(`a frame of ${length} bytes`);
        return;
      }
      if (this.#unparsed.length < HEADER_BYTES + length) return;
      const kind = this.#unparsed.readUInt8();
      const offset = Number(this.#unparsed.readBigUInt64BE(1));
      const bytes = this.#unparsed.subarray(HEADER_BYTES, HEADER_BYTES + length);
      this.#unparsed = this.#unparsed.subarray(HEADER_BYTES + length);
      if (!this.#frame(kind, offset, bytes)) return;
    }
  }

  #frame(kind: number, offset: number, bytes: Buffer): boolean {
    if (kind === KIND.inputApplied && offset <= this.#inputEnd) {
      // Only news is passed on: a guest that repeats itself would keep the server busy with every page.
      if (offset > this.#inputApplied) {
        this.#inputApplied = offset;
        this.#events?.inputApplied(offset);
      }
      return true;
    }
    if (kind !== KIND.output || offset > this.#received) return this.#violate(`kind ${kind} at offset ${offset}`);
    const fresh = bytes.subarray(Math.min(this.#received - offset, bytes.length));
    if (fresh.length === 0) return true;
    const start = this.#received;
    this.#received += fresh.length;
    // The agent stops one window after the last acknowledgement, plus at most the chunk it was sending.
    if (this.#received - this.#acknowledged > TERMINAL_WINDOW_BYTES + MAX_FRAME_BYTES) {
      return this.#violate('more output than its window');
    }
    this.#events?.output(start, fresh);
    return true;
  }

  #violate(detail: string): false {
    this.#options.socket.destroy();
    this.#options.onViolation(`terminal ${this.id}: ${detail}`);
    return false;
  }
}
