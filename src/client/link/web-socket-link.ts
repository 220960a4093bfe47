import { decodeFrame, encodeFrame, type TerminalFrame } from '../../../protocol/frames.ts';
import { HEARTBEAT_INTERVAL_MS, PROTOCOL_VERSION, WEBSOCKET_PATH } from '../../../protocol/limits.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import type { Text } from '../../../protocol/text.ts';
import { closeDecision } from './close-decision.ts';
import type { Hello, Link, LinkListener, LinkMessage } from './link.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import { requestTicket } from './ticket.ts';

const SILENCE_MS = 3 * HEARTBEAT_INTERVAL_MS;

/**
 * The Link over a WebSocket. Fetches a ticket for each connection, says hello with what the page already has, watches
 * the heartbeat, and comes back by itself: after a delay, and at once when the network or the page wakes up.
 */
export class WebSocketLink implements Link {
  readonly #lab: string;
  readonly #listener: LinkListener;
  readonly #closed = new AbortController();
  #socket: WebSocket | undefined;
  #connecting = false;
  /** The server's state has arrived over this socket: numbered input may be sent. */
  #open = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastHeard = 0;

  constructor(lab: string, listener: LinkListener) {
    this.#lab = lab;
    this.#listener = listener;
    const { signal } = this.#closed;
    addEventListener('online', () => this.#wake(), { signal });
    addEventListener('pageshow', () => this.#wake(), { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#wake(), {
      signal,
    });
  }

  connect(): void {
    if (this.#connecting || this.#socket || this.#closed.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#connecting = true;
    this.#listener.status({ kind: 'connecting' });
    void this.#dial();
  }

  send(message: LinkMessage): boolean {
    return this.#write(JSON.stringify(message));
  }

  sendFrame(frame: TerminalFrame): boolean {
    return this.#write(encodeFrame(frame));
  }

  close(): void {
    this.#closed.abort();
    clearTimeout(this.#timer);
    this.#drop();
  }

  async #dial(): Promise<void> {
    const answer = await requestTicket(this.#lab, this.#closed.signal);
    this.#connecting = false;
    if (this.#closed.signal.aborted) return;
    if (answer.kind === 'refused') return this.#listener.status(answer);
    if (answer.kind === 'unavailable') return this.#retryLater(answer.shown);
    this.#attach(answer.ticket);
  }

  #attach(ticket: string): void {
    const socket = new WebSocket(new URL(WEBSOCKET_PATH, location.href.replace(/^http/, 'ws')));
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#heard();
    socket.onopen = () => {
      const hello: Hello = { type: 'hello', protocol: PROTOCOL_VERSION, ticket, ...this.#listener.introduce() };
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => this.#lost(code);
  }

  #receive(data: string | ArrayBuffer): void {
    this.#heard();
    if (typeof data !== 'string') {
      const frame = decodeFrame(new Uint8Array(data));
      if (frame) this.#listener.frame(frame);
      return;
    }
    // Same origin and same protocol version (the hello settled that): the shape is the server's tested promise.
    const message = JSON.parse(data) as ServerMessage;
    const opens = message.type === 'state' && !this.#open;
    if (opens) {
      this.#open = true;
      this.#failures = 0;
    }
    this.#listener.message(message);
    if (opens) this.#listener.status({ kind: 'open' });
  }

  #write(data: string | Uint8Array<ArrayBuffer>): boolean {
    if (!this.#open || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(data);
    return true;
  }

  #heard(): void {
    this.#lastHeard = Date.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lost(1006), SILENCE_MS);
  }

  #wake(): void {
    if (this.#socket && Date.now() - this.#lastHeard < SILENCE_MS) return;
    if (this.#socket) this.#drop();
    this.connect();
  }

  #lost(code: number): void {
    this.#drop();
    const { reconnect, shown } = closeDecision(code);
    if (!reconnect && shown) this.#listener.status({ kind: 'refused', shown });
    else this.#retryLater(shown);
  }

  #retryLater(shown: Text | null): void {
    if (this.#closed.signal.aborted) return;
    this.#failures += 1;
    const delay = reconnectDelayMs(this.#failures, Math.random());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.connect(), delay);
    this.#listener.status({ kind: 'waiting', retryAt: Date.now() + delay, shown });
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#open = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
