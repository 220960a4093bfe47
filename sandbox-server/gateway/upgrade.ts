import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_FRAME_BYTES, WEBSOCKET_PATH } from '../../protocol/limits.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { AddressLimits } from './address-limits.ts';
import { type AllowList, isAllowedHost, isAllowedOrigin } from './allow-list.ts';
import { networkOf } from './network-of.ts';
import type { Refusals } from './refusals.ts';

const REFUSALS = {
  404: 'Not Found',
  403: 'Forbidden',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;
type RefusalStatus = keyof typeof REFUSALS;

export interface UpgradeOptions {
  readonly config: Pick<Config, 'requestsPerMinute' | 'maxConnections' | 'trustProxy'>;
  readonly log: Log;
  readonly refusals: Refusals;
  allowList(): AllowList;
  onSocket(socket: WebSocket, request: IncomingMessage): void;
}

export interface Upgrades {
  /** From now on none becomes a WebSocket: whoever closes those that are open must not be given more of them. */
  refuseAll(): void;
}

/** Turns upgrade requests into WebSockets, or refuses them before a WebSocket exists. */
export function acceptUpgrades(server: Server, options: UpgradeOptions): Upgrades {
  const { config, log, refusals, allowList, onSocket } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  const limits = new AddressLimits(config.requestsPerMinute);
  let isOver = false;

  const refusalFor = (request: IncomingMessage): RefusalStatus | undefined => {
    if (isOver) return 503;
    // Exact: a query could carry a ticket into somebody's log.
    if (request.url !== WEBSOCKET_PATH) return 404;
    if (!isAllowedHost(allowList(), request.headers) || !isAllowedOrigin(allowList(), request.headers)) return 403;
    if (!limits.take(networkOf(addressOf(request, config.trustProxy)))) return 429;
    return sockets.clients.size >= config.maxConnections ? 503 : undefined;
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (cause) => log.debug({ err: cause }, 'an upgrade failed'));
    const status = refusalFor(request);
    if (status === undefined) {
      sockets.handleUpgrade(request, socket, head, (webSocket) => onSocket(webSocket, request));
      return;
    }
    const { origin, host } = request.headers;
    refusals.note('upgrade', String(status), { origin, host });
    socket.end(`HTTP/1.1 ${status} ${REFUSALS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  return {
    refuseAll: () => {
      isOver = true;
    },
  };
}

/** Behind one trusted proxy the last entry is the one the proxy itself wrote. */
function addressOf({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers['x-forwarded-for'] : undefined;
  const last = String(forwarded ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  return last || (socket.remoteAddress ?? 'unknown');
}
