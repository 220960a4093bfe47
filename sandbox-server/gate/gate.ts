import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';
import { answerPlainly, answerRefusal, answerUnreadable } from './answers.ts';
import { Belongings } from './belongings.ts';
import type { Allowed } from './container-order.ts';
import { BAD_GATEWAY, EngineClient } from './engine-client.ts';
import { carryStream, pass } from './pass.ts';
import { discard, parseBody, readBody, readBodyBeforeUpgrade } from './read-body.ts';
import { NotThere, Refusal } from './refusal.ts';
import { readTarget, show } from './request-target.ts';
import { ROUTES, type Route, type Surroundings } from './routes.ts';

export interface GateOptions extends Allowed {
  /** The engine's socket. */
  readonly engine: string;
  /** On all that is made through this gate, instead of what a client says it is. */
  readonly owner: string;
  readonly maxContainers: number;
  readonly log: Pick<Log, 'warn' | 'info'>;
}

/** The driver's bodies stand in its queries, too, percent-encoded. */
const MAX_HEADER_BYTES = 512 * 1024;
const HEADERS_TIMEOUT_MS = 30_000;
const NO_LIMIT = 0;
/** More than a server opens: a few for each of its machines. */
const MAX_CONNECTIONS = 1024;
const FAILED = 500;

/** Stands between Drydock's server and an engine: an HTTP server, not listening yet, that asks only what it allows. */
export function makeGate(options: GateOptions): Server {
  const engine = new EngineClient(options.engine);
  const surroundings = { engine, belongings: new Belongings(engine, options), allowed: options };
  const gate = new Gate(surroundings, options.log);
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    headersTimeout: HEADERS_TIMEOUT_MS,
    // Longer than any body takes.
    requestTimeout: HEADERS_TIMEOUT_MS,
    // A client that keeps its connection does not expect an engine to close it.
    keepAliveTimeout: NO_LIMIT,
  });
  server.maxConnections = MAX_CONNECTIONS;
  const turns = new Turns(options.log);
  server.on('request', (request, response) => {
    const { socket } = request;
    if (!turns.take(socket)) return;
    response.once('close', () => turns.giveBack(socket));
    gate.answer(request, response).catch(() => socket.destroy());
  });
  // A connection that became a stream is never one for requests again.
  server.on('upgrade', (request, stream, head) => {
    const socket = stream as Socket;
    if (turns.take(socket)) gate.upgrade(request, socket, head).catch(() => socket.destroy());
  });
  server.on('clientError', (cause, socket) => {
    options.log.warn(`Refused what is no request: ${cause.message}`);
    answerUnreadable(socket);
  });
  return server;
}

/** One request at a time on a connection, as the driver has it: what waits behind another would be held by nobody. */
class Turns {
  readonly #taken = new WeakSet<Socket>();
  readonly #log: GateOptions['log'];

  constructor(log: GateOptions['log']) {
    this.#log = log;
  }

  take(socket: Socket): boolean {
    const isFree = !this.#taken.has(socket);
    this.#taken.add(socket);
    if (!isFree && !socket.destroyed) {
      this.#log.warn('Refused a request before the answer to the one before it: the connection was closed.');
      socket.destroy();
    }
    return isFree;
  }

  giveBack(socket: Socket): void {
    this.#taken.delete(socket);
  }
}

class Gate {
  readonly #surroundings: Surroundings;
  readonly #log: GateOptions['log'];

  constructor(surroundings: Surroundings, log: GateOptions['log']) {
    this.#surroundings = surroundings;
    this.#log = log;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    try {
      const { route, id, query } = this.#find(request);
      if (route.upgrade) throw new Refusal('Drydock asks for a stream there (Upgrade: tcp).');
      const body = parseBody(await readBody(request));
      const order = await route.decide({ id, query, body }, this.#surroundings);
      await pass(this.#surroundings.engine, order, response);
    } catch (cause) {
      // Who is still sending would not hear why.
      if (cause instanceof Refusal) await discard(request);
      this.#refuse(request, response, cause);
    }
  }

  async upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      const { route, id, query } = this.#find(request);
      if (!route.upgrade) throw new Refusal('Drydock asks for no stream there.');
      const body = parseBody(await readBodyBeforeUpgrade(request.headers, socket, head));
      const order = await route.decide({ id, query, body }, this.#surroundings);
      await carryStream(this.#surroundings.engine, order, socket, () => answerPlainly(request, socket));
    } catch (cause) {
      this.#refuse(request, answerPlainly(request, socket), cause);
    }
  }

  #find({ method, url = '' }: IncomingMessage): { route: Route; id: string; query: URLSearchParams } {
    const { path, query } = readTarget(url);
    for (const route of ROUTES) {
      const match = route.method === method ? route.path.exec(path) : null;
      if (match) return { route, id: match[1] ?? '', query };
    }
    throw new Refusal(`Drydock does not ask for ${method} ${show(path)}.`);
  }

  #refuse({ method, url = '', socket }: IncomingMessage, response: ServerResponse, cause: unknown): void {
    // A client that went away, or a fault of the gate's own: nothing is let through by it.
    const refusal = cause instanceof Refusal ? cause : new Refusal(`the gate failed: ${cause}.`, FAILED);
    const [path = ''] = url.split('?', 1);
    // Whoever leaves breaks off a question to the engine, which is no fault of the engine's.
    const hasLeft = socket.destroyed && refusal.status === BAD_GATEWAY;
    if (!hasLeft && !(refusal instanceof NotThere))
      this.#log.warn(`Refused ${method} ${show(path)}: ${refusal.message}`);
    answerRefusal(response, refusal);
  }
}
