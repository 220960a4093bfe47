import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type GateOptions, makeGate } from '../gate/gate.ts';
import { IMAGE } from './driver-orders.ts';

/** What an engine was asked. */
export interface Asked {
  readonly what: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly message: string };
  readonly headers: IncomingMessage['headers'];
}

const newId = () => randomBytes(32).toString('hex');

/** Does whatever it is told, as an engine does, and remembers it; and a gate before it. */
export class GatedEngine implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'dd-gate-'));
  readonly asked: Asked[] = [];
  /** What the gate has logged. */
  readonly logged: string[] = [];
  readonly containers = new Map<string, Record<string, string>>();
  readonly volumes = new Map<string, object>();
  readonly images = new Set<string>();
  /** What it does with a stream; as it is: sends back what comes. */
  onStream: (stream: Duplex) => void = (stream) => void stream.pipe(stream);
  /** Answers instead, where it returns true. */
  onRequest: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** What it does before it gives a stream. */
  beforeStream: ((stream: Duplex) => Promise<void>) | undefined;
  /** Begins an answer instead of a stream, and breaks off. */
  refusesStreams = false;
  readonly #streams = new Set<Duplex>();
  #engine: Server | undefined;
  #gate: Server | undefined;

  static async open(options: Partial<GateOptions> = {}): Promise<GatedEngine> {
    const gated = new GatedEngine();
    await gated.startEngine();
    const log = (line: string) => void gated.logged.push(line);
    gated.#gate = makeGate({
      ...{ engine: gated.engineSocket, owner: 'drydock', runner: IMAGE, accelerator: 'kvm', maxContainers: 50 },
      maxima: { machineMemoryMib: 768, maxOverlayBytes: 3 * 1024 ** 3 },
      ...{ log: { warn: log as never, info: log as never }, ...options },
    });
    gated.#gate.listen(gated.socket);
    await once(gated.#gate, 'listening');
    return gated;
  }

  get socket(): string {
    return join(this.folder, 'gate.sock');
  }

  get engineSocket(): string {
    return join(this.folder, 'engine.sock');
  }

  /** All but the gate's own questions. */
  get orders(): string[] {
    return this.asked
      .map(({ what }) => what)
      .filter((what) => !/^GET .*\/(json|volumes|volumes\/[\w-]+)(\?|$)/.test(what));
  }

  async startEngine(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.on('upgrade', async (request, socket, head) => {
      this.#remember(request, head.toString());
      socket.on('error', () => socket.destroy());
      this.#streams.add(socket);
      if (this.refusesStreams) {
        socket.write('HTTP/1.1 409 Conflict\r\nContent-Length: 10\r\n\r\n{', () => socket.destroy());
        return;
      }
      if (this.beforeStream) await this.beforeStream(socket);
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      this.onStream(socket);
    });
    server.listen(this.engineSocket);
    await once(server, 'listening');
    this.#engine = server;
  }

  async stopEngine(): Promise<void> {
    for (const stream of this.#streams) stream.destroy();
    this.#engine?.closeAllConnections();
    this.#engine?.close();
    this.#engine = undefined;
  }

  /** Asks the gate. A body that is no text is sent as JSON. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const sent = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const length = sent === '' ? {} : { 'Content-Length': String(Buffer.byteLength(sent)) };
    const asked = request({ socketPath: this.socket, method, path, headers: { ...length, ...headers }, agent: false });
    asked.end(sent);
    const answered = await Promise.race([once(asked, 'response'), once(asked, 'upgrade')]);
    const [answer, stream] = answered as [IncomingMessage, Duplex | undefined];
    stream?.destroy();
    const said = stream ? '' : await text(answer);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: parsed(said) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gate?.closeAllConnections();
    this.#gate?.close();
    await this.stopEngine();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #remember({ method, url = '', headers }: IncomingMessage, body: string): string {
    const what = `${method} ${url}`;
    this.asked.push({ what, headers, body });
    return what.replace('/v1.41', '');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.onRequest(request, response)) return;
    const body = await text(request);
    const what = this.#remember(request, body);
    const say = (status: number, value: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json', 'Api-Version': '1.41' });
      response.end(JSON.stringify(value));
    };
    const [, name = ''] = /^GET \/(?:containers|images|volumes)\/([\w:-]+)(?:\/json)?$/.exec(what) ?? [];
    if (what.startsWith('GET /containers/json?'))
      return say(
        200,
        [...this.containers.keys()].map((Id) => ({ Id })),
      );
    if (what.startsWith('GET /volumes?'))
      return say(200, { Volumes: [...this.volumes.keys()].filter(isCable).map((Name) => ({ Name })) });
    if (this.containers.has(name)) return say(200, { Id: name, Config: { Labels: this.containers.get(name) } });
    if (this.volumes.has(name)) return say(200, { Name: name, ...this.volumes.get(name) });
    if (this.images.has(name)) return say(200, { Id: name });
    if (name !== '') return say(404, { message: `No such thing: ${name}` });
    if (what.startsWith('POST /containers/create')) {
      const Id = newId();
      this.containers.set(Id, JSON.parse(body).Labels);
      return say(201, { Id, Warnings: [] });
    }
    if (what.startsWith('POST /volumes/create')) {
      const { Name, DriverOpts, ...volume } = JSON.parse(body);
      this.volumes.set(Name, { ...volume, Options: DriverOpts });
    }
    if (what.endsWith('/exec')) return say(201, { Id: newId() });
    return say(200, what.startsWith('GET /info') ? { ID: 'x', NCPU: 2, Name: 'secret', Containers: 9 } : {});
  }
}

const isCable = (name: string): boolean => name.startsWith('drydock-cable-');

function parsed(said: string): Answer['body'] {
  try {
    return JSON.parse(said);
  } catch {
    return { message: said };
  }
}
