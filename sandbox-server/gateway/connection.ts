import type { WebSocket } from 'ws';
import type { ClientMessage } from '../../protocol/client-messages.ts';
import { CLOSE_CODES, type CloseReason } from '../../protocol/close-codes.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../protocol/limits.ts';
import type { Attempt } from '../attempts/attempt.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { TokenBucket } from '../token-bucket.ts';
import { decode } from './decode.ts';
import type { Refusals } from './refusals.ts';
import { Session } from './session.ts';

export interface ConnectionOptions {
  readonly socket: WebSocket;
  readonly config: Pick<Config, 'helloTimeoutMs' | 'messagesPerSecond' | 'connectionsPerAttempt'>;
  /** Tells this connection from others. */
  readonly log: Log;
  readonly metrics: Metrics;
  readonly refusals: Refusals;
  /** The browser's learner, from its cookie. */
  readonly learner: string | undefined;
  readonly heartbeatIntervalMs?: number;
  /** Uses a ticket up. */
  redeem(ticket: string): { readonly attempt: Attempt; readonly learner: string } | undefined;
}

/** A peer that does not answer the close is cut off after this long. */
const CLOSE_GRACE_MS = 1_000;
const LOST_AFTER_HEARTBEATS = 3;
const KIB = 1024;

type Hello = Extract<ClientMessage, { type: 'hello' }>;

/** One WebSocket: who it is, whether it behaves, whether it is alive. What it asks for is the session's business. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: WebSocket;
  readonly #openedAt = performance.now();
  readonly #bucket: TokenBucket;
  readonly #helloTimer: NodeJS.Timeout;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #heartbeatIntervalMs: number;
  #log: Log;
  #session: Session | undefined;
  #heardAt = performance.now();
  #isClosing = false;
  #reason: CloseReason | 'gone' = 'gone';

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#socket = options.socket;
    const { helloTimeoutMs, messagesPerSecond } = options.config;
    this.#bucket = new TokenBucket({ perSecond: messagesPerSecond, burst: 2 * messagesPerSecond });
    this.#heartbeatIntervalMs = options.heartbeatIntervalMs ?? HEARTBEAT_INTERVAL_MS;
    this.#helloTimer = setTimeout(() => this.close('helloTimeout'), helloTimeoutMs);
    this.#heartbeat = setInterval(() => this.#beat(), this.#heartbeatIntervalMs);
    this.#socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('pong', () => this.#hear());
    this.#socket.on('close', () => this.#ended());
    // ws closes the socket itself after a violation of the WebSocket protocol.
    this.#socket.on('error', (cause) => options.log.debug({ err: cause }, 'a socket failed'));
  }

  close(reason: CloseReason): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#reason = reason;
    this.#end();
    this.#socket.close(CLOSE_CODES[reason].code, reason);
    setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS).unref();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#isClosing) return;
    this.#hear();
    const refusal = this.#handle(data, isBinary);
    if (refusal !== undefined) this.close(refusal);
  }

  #handle(data: Buffer, isBinary: boolean): CloseReason | undefined {
    if (!this.#bucket.take(1 + Math.floor(data.length / KIB))) return 'tooFast';
    const decoded = decode(data, isBinary);
    if (decoded.kind === 'refused') return decoded.reason;
    try {
      return this.#accept(decoded);
    } catch (cause) {
      this.#log.error({ err: cause }, 'a message could not be handled');
      return 'internal';
    }
  }

  #accept(decoded: Exclude<ReturnType<typeof decode>, { kind: 'refused' }>): CloseReason | undefined {
    if (this.#session === undefined) {
      const isHello = decoded.kind === 'message' && decoded.message.type === 'hello';
      return isHello ? this.#open(decoded.message as Hello) : 'badMessage';
    }
    return decoded.kind === 'input' ? this.#session.input(decoded.frame) : this.#session.message(decoded.message);
  }

  #open({ ticket, page, resume }: Hello): CloseReason | undefined {
    const holder = this.#options.redeem(ticket);
    if (holder === undefined || holder.learner !== this.#options.learner) return 'badTicket';
    // The next ticket is refused over HTTP, with words the page can show.
    if (holder.attempt.watcherCount >= this.#options.config.connectionsPerAttempt) return 'badTicket';
    clearTimeout(this.#helloTimer);
    const { attempt } = holder;
    const { metrics, refusals } = this.#options;
    const kind = resume === null ? 'fresh' : 'returning';
    metrics.count('drydock_sessions_total', { kind });
    this.#log = this.#log.child({ attempt: attempt.id, lab: attempt.lab.id });
    this.#log.info({ kind, sandbox: attempt.sandbox?.id, pages: attempt.watcherCount + 1 }, 'page connected');
    const close = (reason: CloseReason) => this.close(reason);
    this.#session = new Session({ attempt, socket: this.#socket, page, resume, metrics, refusals, close });
    return undefined;
  }

  #ended(): void {
    this.#end();
    const reason = this.#reason;
    this.#options.metrics.count('drydock_connection_ends_total', { reason });
    const seconds = Math.round(performance.now() - this.#openedAt) / 1000;
    // One that never said who it is, is nobody's page.
    this.#log[this.#session === undefined ? 'debug' : 'info']({ reason, seconds }, 'page left');
  }

  #hear(): void {
    this.#heardAt = performance.now();
  }

  #beat(): void {
    const silentMs = performance.now() - this.#heardAt;
    if (silentMs > LOST_AFTER_HEARTBEATS * this.#heartbeatIntervalMs) this.close('heartbeatLost');
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.ping();
    this.#session?.beat();
  }

  #end(): void {
    clearTimeout(this.#helloTimer);
    clearInterval(this.#heartbeat);
    this.#session?.[Symbol.dispose]();
  }
}
