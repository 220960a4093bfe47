import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** How far a connection gets, in bytes of both directions together. */
export type Patience = () => number;

/**
 * A network that breaks: relays bytes in small pieces, a turn of the event loop apart, and cuts each connection after so
 * many of them, wherever that is: in a handshake, a header, a character.
 */
export class CuttingProxy implements AsyncDisposable {
  readonly #listener: Server;
  readonly #patience: Patience;
  readonly #sockets = new Set<Socket>();
  #target = 0;
  /** Connections cut so far. */
  cuts = 0;
  /** Bytes let through so far. */
  passed = 0;
  /** From now on nothing is cut. */
  isCalm = false;

  static async open(patience: Patience): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(patience);
    proxy.#listener.listen(0, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  private constructor(patience: Patience) {
    this.#patience = patience;
    this.#listener = createServer((socket) => this.#relay(socket));
  }

  get origin(): string {
    const address = this.#listener.address();
    if (address === null || typeof address === 'string') throw new TypeError('The proxy does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  leadTo(port: number): void {
    this.#target = port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #relay(near: Socket): void {
    const far = connect(this.#target, '127.0.0.1');
    const pair = [near, far];
    const end = () => {
      for (const socket of pair) {
        socket.destroy();
        this.#sockets.delete(socket);
      }
    };
    const cut = () => {
      if (near.destroyed) return;
      this.cuts += 1;
      end();
    };
    for (const socket of pair) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', end);
    }
    const left = { bytes: this.#patience() };
    this.#pass({ from: near, to: far, left, cut });
    this.#pass({ from: far, to: near, left, cut });
  }

  #pass({ from, to, left, cut }: { from: Socket; to: Socket; left: { bytes: number }; cut: () => void }): void {
    from.on('data', (data: Buffer) => {
      const passed = this.isCalm ? data : data.subarray(0, left.bytes);
      left.bytes -= passed.length;
      this.passed += passed.length;
      const isLast = !this.isCalm && left.bytes <= 0;
      const middle = passed.length >> 1;
      to.write(passed.subarray(0, middle));
      from.pause();
      setImmediate(() => {
        to.write(passed.subarray(middle), () => isLast && cut());
        from.resume();
      });
    });
  }
}
