import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

const LENGTH_BYTES = 4;
/** The agent answers a script with twice MAX_RUN_OUTPUT_BYTES, at worst six bytes of JSON for one of output. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

export interface AgentMessage {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Messages to and from the agent: JSON behind a length of four bytes, big endian. The guest is not trusted. */
export class ControlLink {
  readonly #socket: Socket;
  readonly #events = new EventEmitter();
  #unparsed: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data: Buffer) => this.#receive(data));
    socket.on('error', () => {});
    socket.on('close', () => this.#events.emit('closed'));
  }

  send(message: Record<string, unknown>): void {
    if (!this.#socket.writable) return;
    const body = Buffer.from(JSON.stringify(message));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(body.length);
    this.#socket.write(Buffer.concat([length, body]));
  }

  onMessage(listener: (message: AgentMessage) => void): void {
    this.#events.on('message', listener);
  }

  /** What the guest sent is not the agent's protocol: nothing more is read from it. */
  onViolation(listener: (detail: string) => void): void {
    this.#events.on('violation', listener);
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    this.#unparsed = this.#unparsed.length === 0 ? data : Buffer.concat([this.#unparsed, data]);
    while (this.#unparsed.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.#unparsed.readUInt32BE();
      if (end > MAX_MESSAGE_BYTES) {
        this.#violate(`a message of ${end} bytes`);
        return;
      }
      if (this.#unparsed.length < end) return;
      const message = parse(this.#unparsed.subarray(LENGTH_BYTES, end));
      if (!message) {
        this.#violate('a message that is not one of the agent');
        return;
      }
      this.#unparsed = this.#unparsed.subarray(end);
      this.#events.emit('message', message);
    }
  }

  #violate(detail: string): void {
    this.#socket.destroy();
    this.#events.emit('violation', detail);
  }
}

function parse(body: Buffer): AgentMessage | undefined {
  try {
    const message: unknown = JSON.parse(body.toString('utf8'));
    return typeof message === 'object' && message !== null && 'event' in message && typeof message.event === 'string'
      ? (message as AgentMessage)
      : undefined;
  } catch {
    return undefined;
  }
}
