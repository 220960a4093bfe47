import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { TokenBucket } from '../../token-bucket.ts';
import { type AgentMessage, parseAgentMessage } from './agent-message.ts';
import { readFromGuest, writeToGuest } from './guest-port.ts';
import { Unparsed } from './unparsed.ts';

const LENGTH_BYTES = 4;
/**
 * Stands in no message, whatever part of one comes before it: a length begins with 0, UTF-8 has no such byte. A server
 * that takes over a machine begins with it, and so does the agent's answer; what came before, another server's, is
 * dropped by both.
 */
const NEW_BEGINNING = Buffer.alloc(8, 0xff);
/** The agent answers a script with twice MAX_RUN_OUTPUT_BYTES, at worst six bytes of JSON for one of output. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** The agent only answers, and says when a shell starts or ends: a few a second. Each costs the server some work. */
const MESSAGES_PER_SECOND = 500;

/** Messages to and from the agent: JSON behind a length of four bytes, big endian. The guest is not trusted. */
export class ControlLink {
  readonly #socket: Duplex;
  readonly #events = new EventEmitter();
  readonly #bucket = new TokenBucket({ perSecond: MESSAGES_PER_SECOND, burst: 2 * MESSAGES_PER_SECOND });
  readonly #unparsed = new Unparsed();
  /** What comes is still for the server that had this machine before. */
  #isForAnother = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
    readFromGuest(socket, (data) => this.#receive(data));
    socket.on('error', () => {});
  }

  /** Of a machine that another server had before: nothing is taken from it until the agent begins anew. */
  beginAnew(): void {
    this.#isForAnother = true;
    this.#socket.write(NEW_BEGINNING);
  }

  send(message: Record<string, unknown>): void {
    const body = Buffer.from(JSON.stringify(message));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(body.length);
    if (!writeToGuest(this.#socket, Buffer.concat([length, body]))) this.#violate('it is not read');
  }

  onMessage(listener: (message: AgentMessage) => void): void {
    this.#events.on('message', listener);
  }

  /** What the guest does is not the agent's protocol: nothing more is read from it. */
  onViolation(listener: (detail: string) => void): void {
    this.#events.on('violation', listener);
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    this.#unparsed.add(data);
    if (this.#isForAnother && !this.#findBeginning()) return;
    while (this.#unparsed.length >= LENGTH_BYTES) {
      const { bytes } = this.#unparsed;
      const end = LENGTH_BYTES + bytes.readUInt32BE();
      if (end > MAX_MESSAGE_BYTES) {
        this.#violate(`a message of ${end} bytes`);
        return;
      }
      if (bytes.length < end) return;
      if (!this.#bucket.take()) {
        this.#violate(`more than ${MESSAGES_PER_SECOND} messages a second`);
        return;
      }
      const message = parseAgentMessage(bytes.subarray(LENGTH_BYTES, end));
      if (!message) {
        this.#violate('a message that is not one of the agent');
        return;
      }
      this.#unparsed.skip(end);
      this.#events.emit('message', message);
    }
  }

  #findBeginning(): boolean {
    const at = this.#unparsed.bytes.indexOf(NEW_BEGINNING);
    this.#isForAnother = at < 0;
    // What is left may be the first part of one.
    this.#unparsed.skip(at < 0 ? Math.max(0, this.#unparsed.length - NEW_BEGINNING.length) : at + NEW_BEGINNING.length);
    return at >= 0;
  }

  #violate(detail: string): void {
    this.#socket.destroy();
    this.#events.emit('violation', detail);
  }
}
