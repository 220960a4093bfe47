import { EventEmitter, on, once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';

/** QEMU refused a command. The text is QEMU's, for logs. */
export class QmpError extends Error {
  override readonly name = 'QmpError';
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * A QMP connection: one command at a time, answers in order, events beside them.
 * https://www.qemu.org/docs/master/interop/qmp-spec.html
 */
export class Qmp {
  readonly #stream: Duplex;
  readonly #pending: Pending[] = [];
  readonly #events = new EventEmitter();
  #closed: Error | undefined;

  private constructor(stream: Duplex) {
    this.#stream = stream;
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => this.#receive(JSON.parse(line)));
    // The stream's errors come here, too; its end is what counts.
    lines.on('error', () => {});
    stream.on('close', () => this.#close());
    stream.on('error', () => this.#close());
  }

  /** Resolves after the greeting: QEMU has read its command line and all its sockets listen. */
  static async connect(stream: Duplex, signal?: AbortSignal): Promise<Qmp> {
    const qmp = new Qmp(stream);
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

  #receive(message: Record<string, unknown>): void {
    if ('QMP' in message) this.#events.emit('greeting');
    else if ('event' in message) this.#events.emit(`event:${String(message.event)}`, message.data ?? {});
    else if ('error' in message) this.#pending.shift()?.reject(new QmpError((message.error as { desc: string }).desc));
    else this.#pending.shift()?.resolve(message.return);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = new QmpError('QEMU closed its monitor');
    for (const { reject } of this.#pending.splice(0)) reject(this.#closed);
    this.#events.emit('closed');
  }
}
