import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

/** How somebody came to an engine. */
export interface Visit {
  readonly engine: string;
  readonly isEncrypted: boolean;
  /** Name in the certificate shown, if any. */
  readonly client: string | undefined;
  /** Of the path, what stands before the API's own. */
  readonly prefix: string;
}

export interface PretendEngineOptions {
  readonly name: string;
  /** A path, or a port of 127.0.0.1; default: any that is free. */
  readonly at?: string | number;
  /** Folder with its certificate, and the authority whose clients it takes. */
  readonly tls?: { readonly folder: string; readonly requiresClient: boolean };
  readonly api?: string;
}

/** Says its version to whoever asks, as an engine does, and remembers who came. */
export class PretendEngine implements AsyncDisposable {
  readonly visits: Visit[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open({ name, at = 0, tls, api = '1.41' }: PretendEngineOptions): Promise<PretendEngine> {
    const answer: RequestListener = (request, response) => {
      const socket = request.socket as Partial<TLSSocket>;
      const isEncrypted = socket.encrypted === true;
      const client = isEncrypted ? socket.getPeerCertificate?.().subject?.CN : undefined;
      const prefix = (request.url ?? '').replace(/\/(v[\d.]+\/.*|_ping)$/, '');
      engine.visits.push({ engine: name, isEncrypted, client: client as string | undefined, prefix });
      response.setHeader('API-Version', api).setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ Version: '20.10.24', ApiVersion: api, MinAPIVersion: '1.12', Os: 'linux' }));
    };
    const server = tls ? createTlsServer(tlsOptions(tls), answer) : createServer(answer);
    const engine = new PretendEngine(server);
    if (typeof at === 'string') server.listen(at);
    else server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return engine;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function tlsOptions({ folder, requiresClient }: NonNullable<PretendEngineOptions['tls']>) {
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => readFileSync(join(folder, `${name}.pem`)));
  return { ca, cert, key, requestCert: requiresClient, rejectUnauthorized: requiresClient };
}
