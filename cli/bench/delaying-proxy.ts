import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network that is far away: every byte takes `delayMs` each way. Establishing a connection takes nothing. */
export class DelayingProxy implements AsyncDisposable {
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  #target = 0;
  delayMs = 0;

  static async open(): Promise<DelayingProxy> {
    const proxy = new DelayingProxy();
    proxy.#listener.listen(0, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  private constructor() {
    this.#listener = createServer((near) => {
      const far = connect(this.#target, '127.0.0.1');
      this.#pass(near, far);
      this.#pass(far, near);
    });
  }

  get origin(): string {
    const address = this.#listener.address();
    if (address === null || typeof address === 'string') throw new TypeError('The proxy does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  leadTo(origin: string): void {
    this.#target = Number(new URL(origin).port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('data', (data) => {
      if (this.delayMs === 0) to.write(data);
      else setTimeout(() => to.write(data), this.delayMs);
    });
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
