import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { WebSocket } from 'ws';
import { WEBSOCKET_PATH } from '../../protocol/limits.ts';
import { Metrics } from '../metrics/metrics.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { makeAllowList } from './allow-list.ts';
import { Refusals } from './refusals.ts';
import { acceptUpgrades } from './upgrade.ts';

it('an upgrade becomes a WebSocket until all are refused, and none after that', async () => {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const opened: WebSocket[] = [];
  const upgrades = acceptUpgrades(server, {
    config: { requestsPerMinute: 100, maxConnections: 100, trustProxy: false },
    ...{ log: QUIET_LOG, refusals: new Refusals(QUIET_LOG, new Metrics()) },
    allowList: () => makeAllowList({ publicOrigins: [] }, port),
    onSocket: (socket) => opened.push(socket),
  });
  const attempt = () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${WEBSOCKET_PATH}`, { origin: `http://127.0.0.1:${port}` });
    socket.on('error', () => {});
    return Promise.race([
      once(socket, 'open').then(() => 'open'),
      once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode as number),
    ]);
  };
  assert.equal(await attempt(), 'open');
  upgrades.refuseAll();
  assert.equal(await attempt(), 503);
  assert.equal(opened.length, 1);
  for (const socket of opened) socket.terminate();
});
