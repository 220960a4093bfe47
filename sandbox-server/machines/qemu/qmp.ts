import { EventEmitter, on, once } from 'node:events';
import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { TokenBucket } from '../../token-bucket.ts';

/** QEMU refused a command. The text is QEMU's, for logs. */
export class QmpError extends Error {
  override readonly name = 'QmpError';
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Longest line taken; the longest that is asked for, of query-migrate, has about one KiB. */
const MAX_LINE_CHARACTERS = 64 * 1024;

/** Answers and a few events; a machine that starts makes about thirty. Each costs the server some work. */
const MESSAGES_PER_SECOND = 200;

const messageSchema = z.looseObject({
  QMP: z.unknown().optional(),
  event: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ desc: z.string() }).optional(),
  return: z.unknown().optional(),
});
type Message = z.infer<typeof messageSchema>;

export interface QmpOptions {
  readonly signal?: AbortSignal;
  /** It said what no QEMU says: a guest may have taken it over. Nothing more is read from it. */
  readonly onViolation?: (detail: string) => void;
}

/**
 * A QMP connection: one command at a time, answers in order, events beside them.
 * https://www.qemu.org/docs/master/interop/qmp-spec.html
 */
export class Qmp {
  readonly #stream: Duplex;
  readonly #pending: Pending[] = [];
  readonly #events = new EventEmitter();
  readonly #bucket = new TokenBucket({ perSecond: MESSAGES_PER_SECOND, burst: 2 * MESSAGES_PER_SECOND });
  readonly #onViolation: (detail: string) => void;
  /** Resolves when nothing more comes from it. */
  readonly closed: Promise<void>;
  #closed: Error | undefined;
  #unparsed = '';

  private constructor(stream: Duplex, onViolation: (detail: string) => void = () => {}) {
    this.#stream = stream;
    this.#onViolation = onViolation;
    this.closed = new Promise((resolve) => this.#events.once('closed', () => resolve()));
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.#read(text));
    stream.on('end', () => this.#close());
    stream.on('close', () => this.#close());
    stream.on('error', () => this.#close());
  }

  /** Resolves after the greeting: QEMU has read its command line and all its sockets listen. */
  static async connect(stream: Duplex, { signal, onViolation }: QmpOptions = {}): Promise<Qmp> {
    const qmp = new Qmp(stream, onViolation);
    await once(qmp.#events, 'greeting', { ...(signal ? { signal } : {}) });
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  execute(command: string, parameters: Record<string, unknown> = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#stream.write(`${JSON.stringify({ execute: command, arguments: parameters })}\n`);
    });
  }

  /** QEMU goes on without it. */
  disconnect(): void {
    this.#stream.destroy();
  }

  /** Calls `listener` for each event of that name, e.g. `SHUTDOWN`. */
  onEvent(name: string, listener: (data: Record<string, unknown>) => void): void {
    this.#events.on(`event:${name}`, listener);
  }

  /** The device state to or from a file; resolves when it is complete. */
  async migrate(direction: 'migrate' | 'migrate-incoming', uri: string, signal?: AbortSignal): Promise<void> {
    const capabilities = ['x-ignore-shared', 'events'].map((capability) => ({ capability, state: true }));
    await this.execute('migrate-set-capabilities', { capabilities });
    const changes = on(this.#events, 'event:MIGRATION', { ...(signal ? { signal } : {}), close: ['closed'] });
    await this.execute(direction, { uri });
    for await (const [data] of changes) {
      const { status } = data as { status: string };
      if (status === 'completed') return;
      if (status === 'failed') throw new QmpError(`${direction} ${uri} failed: ${await this.#migrationError()}`);
    }
    throw this.#closed ?? new QmpError(`${direction} ${uri} ended without a result`);
  }

  async #migrationError(): Promise<string> {
    const info = (await this.execute('query-migrate')) as { 'error-desc'?: string };
    return info['error-desc'] ?? 'no reason given';
  }

  #read(text: string): void {
    const violation = this.#handle(this.#lines(text));
    if (violation !== undefined) this.#violate(violation);
    else if (this.#unparsed.length > MAX_LINE_CHARACTERS) this.#violate('a line without an end');
  }

  /** Returns what no QEMU would say; what came before it counts. */
  #handle(lines: readonly string[]): string | undefined {
    for (const line of lines) {
      const message = parse(line);
      if (!message) return 'a line that is no QMP';
      if (!this.#bucket.take()) return `more than ${MESSAGES_PER_SECOND} messages a second`;
      this.#receive(message);
    }
    return undefined;
  }

  /** Lines that are complete now. Pieces of one are only chained: searched each time, a long line would cost its square. */
  #lines(text: string): string[] {
    this.#unparsed += text;
    if (!text.includes('\n')) return [];
    const lines = this.#unparsed.split('\n');
    this.#unparsed = lines.pop() ?? '';
    return lines;
  }

  #receive({ QMP, event, data = {}, error, return: value }: Message): void {
    if (QMP !== undefined) this.#events.emit('greeting');
    else if (event !== undefined) this.#events.emit(`event:${event}`, data);
    else if (error) this.#pending.shift()?.reject(new QmpError(error.desc));
    else this.#pending.shift()?.resolve(value);
  }

  #violate(detail: string): void {
    this.#stream.destroy();
    this.#close();
    this.#onViolation(detail);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = new QmpError('QEMU closed its monitor');
    for (const { reject } of this.#pending.splice(0)) reject(this.#closed);
    this.#events.emit('closed');
  }
}

function parse(line: string): Message | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
