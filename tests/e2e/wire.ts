import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The first words of a WebSocket's request. */
const WEBSOCKET = /^GET \/ws /;

interface Pair {
  readonly browser: Socket;
  readonly server: Socket;
  isWebSocket: boolean;
}

/**
 * The network between a browser and the server, as a TCP relay of bytes that knows nothing of frames: it can be cut
 * after any byte, be gone for a while, or lose only what the server says.
 */
export class Wire implements AsyncDisposable {
  readonly #listener: Server;
  readonly #pairs = new Set<Pair>();
  #upstreamPort = 0;
  #cuts: number[] = [];
  #whenCut = Promise.withResolvers<void>();
  #offline = false;
  #deaf = false;
  /** What browsers have sent over WebSockets. */
  #sentBytes = 0;
  readonly #waiters = new Set<() => void>();

  private constructor(listener: Server) {
    this.#listener = listener;
    listener.on('connection', (browser) => this.#relay(browser));
  }

  static async open(): Promise<Wire> {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Wire(listener);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /** To be called before the first browser comes. */
  leadTo(serverOrigin: string): void {
    this.#upstreamPort = Number(new URL(serverOrigin).port);
  }

  /** Cuts a WebSocket once for each number, after that many more bytes from the server. Resolves after the last cut. */
  cutAfter(bytes: readonly number[]): Promise<void> {
    this.#cuts = [...bytes];
    this.#whenCut = Promise.withResolvers();
    return this.#whenCut.promise;
  }

  goOffline(): void {
    this.#offline = true;
    for (const pair of this.#pairs) cut(pair);
  }

  goOnline(): void {
    this.#offline = false;
    this.#deaf = false;
  }

  /** From now on what the server says over WebSockets is lost on the way, and what the browser says arrives. */
  loseAnswers(): void {
    this.#deaf = true;
  }

  /** Resolves once browsers have sent this many more bytes over WebSockets. */
  async sent(bytes: number): Promise<void> {
    const wanted = this.#sentBytes + bytes;
    while (this.#sentBytes < wanted) await new Promise<void>((resolve) => this.#waiters.add(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pair of this.#pairs) cut(pair);
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  /** Without back pressure: the protocol's own flow control bounds what is on the way. */
  #relay(browser: Socket): void {
    if (this.#offline) return void browser.destroy();
    const pair: Pair = { browser, server: connect(this.#upstreamPort, '127.0.0.1'), isWebSocket: false };
    this.#pairs.add(pair);
    browser.once('data', (first) => {
      pair.isWebSocket = WEBSOCKET.test(first.toString('latin1'));
    });
    browser.on('data', (chunk) => this.#up(pair, chunk));
    pair.server.on('data', (chunk) => this.#down(pair, chunk));
    for (const socket of [browser, pair.server]) {
      socket.on('error', () => cut(pair));
      socket.on('close', () => {
        this.#pairs.delete(pair);
        cut(pair);
      });
    }
  }

  #up(pair: Pair, chunk: Buffer): void {
    pair.server.write(chunk);
    if (!pair.isWebSocket) return;
    this.#sentBytes += chunk.length;
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
  }

  #down(pair: Pair, chunk: Buffer): void {
    if (!pair.isWebSocket) return void pair.browser.write(chunk);
    if (this.#deaf) return;
    this.#forwardUntilCut(pair, chunk);
  }

  #forwardUntilCut(pair: Pair, chunk: Buffer): void {
    const [left] = this.#cuts;
    if (left === undefined || chunk.length < left) {
      if (left !== undefined) this.#cuts[0] = left - chunk.length;
      pair.browser.write(chunk);
      return;
    }
    this.#cuts.shift();
    pair.browser.end(chunk.subarray(0, left));
    pair.server.destroy();
    if (this.#cuts.length === 0) this.#whenCut.resolve();
  }
}

function cut({ browser, server }: Pair): void {
  browser.destroy();
  server.destroy();
}
