import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../config.ts';
import type { Health } from '../health.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { explainListenFailure } from './listen.ts';

/** Nobody on the network can reach it, whatever HOST says: docs/decisions/metrics-on-loopback.md. */
const ADDRESS = '127.0.0.1';

/** What a proxy adds. A figure that went through one has left this computer. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];
/** What a browser adds when a page asks, as opposed to a person. */
const PAGE_HEADERS = ['origin', 'referer'];

const REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 32;

export interface OperatorListenerOptions {
  readonly port: number;
  readonly metrics: Metrics;
  readonly health: Health;
}

/** `/metrics` and `/healthz` for programs on this computer, on a port of their own. */
export class OperatorListener implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;

  static async start({ port, metrics, health }: OperatorListenerOptions): Promise<OperatorListener> {
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('request', (request, response) => void answer(request, response, { metrics, health }));
    try {
      await once(server.listen(port, ADDRESS), 'listening');
    } catch (cause) {
      throw explainListenFailure(cause, { host: ADDRESS, port, setting: 'METRICS_PORT' });
    }
    return new OperatorListener(server);
  }

  constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

type Sources = Pick<OperatorListenerOptions, 'metrics' | 'health'>;

async function answer(request: IncomingMessage, response: ServerResponse, { metrics, health }: Sources): Promise<void> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return end(response, refusal.status, 'text/plain; charset=utf-8', `${refusal.words}\n`);
  try {
    if (request.url === '/metrics') return end(response, 200, metrics.contentType, await metrics.text());
    const report = await health.report();
    end(response, report.status === 'failing' ? 503 : 200, 'application/json; charset=utf-8', JSON.stringify(report));
  } catch (cause) {
    end(response, 500, 'text/plain; charset=utf-8', `${cause}\n`);
  }
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

/** The address alone would do for programs; the rest keeps web pages and careless proxies on this computer out. */
function refusalOf({ method, url, headers, socket }: IncomingMessage) {
  const { localPort, remoteAddress = '' } = socket;
  const names = ['localhost', ADDRESS].map((name) => `${name}:${localPort}`);
  if (!isLoopback(remoteAddress)) return { status: 403, words: 'Only programs on this computer may ask.' };
  if (!names.includes(headers.host?.toLowerCase() ?? '')) {
    return {
      status: 403,
      words: `Ask for http://${names[1]}/metrics: another host name may have been rebound to here.`,
    };
  }
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) {
    return { status: 403, words: 'This came through a proxy. Figures stay on this computer: scrape them here.' };
  }
  const site = headers['sec-fetch-site'];
  if (PAGE_HEADERS.some((name) => headers[name] !== undefined) || (site !== undefined && site !== 'none')) {
    return { status: 403, words: 'A web page asked. Only programs, and a person who types the address, may.' };
  }
  if (url !== '/metrics' && url !== '/healthz') return { status: 404, words: 'There are /metrics and /healthz.' };
  return method === 'GET' || method === 'HEAD' ? undefined : { status: 405, words: 'Only GET.' };
}
