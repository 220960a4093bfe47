import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { Health } from '../health.ts';
import { Metrics } from '../metrics/metrics.ts';
import { startTestServer } from '../testing/test-server.ts';
import { OperatorListener } from './operator-listener.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** fetch sets Host itself; this does not. */
function ask(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const startListener = () =>
  OperatorListener.start({
    ...{ port: 0, metrics: new Metrics() },
    health: new Health({ it: () => ({ status: 'ok', words: 'ok' }) }),
  });

const FIGURE = /^drydock_queue_length/m;

describe('the figures of a server', () => {
  it('are answered to a program on this computer that asks for them by name', async () => {
    await using listener = await startListener();
    const { port } = listener;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`]) {
      const { status, body } = await ask(port, '/metrics', { host });
      assert.equal(status, 200, host);
      assert.match(body, FIGURE);
    }
    assert.equal((await ask(port, '/')).status, 404);
    assert.equal((await ask(port, '/metrics', {}, 'POST')).status, 405);
  });

  for (const [what, headers] of [
    ['another host name, which may have been rebound to this address', { host: 'rebound.example.com' }],
    ['this address by a name with another port', { host: 'localhost:1' }],
    ['an address of the network', { host: '10.0.0.1' }],
    ['a proxy', { 'x-forwarded-for': '127.0.0.1' }],
    ['a proxy that says so as the standard has it', { forwarded: 'for=127.0.0.1' }],
    ['a proxy that names only itself', { via: '1.1 proxy' }],
    ['a page of another site', { origin: 'https://evil.example.com' }],
    ['a page of another site, as an image', { 'sec-fetch-site': 'cross-site' }],
    ['a page of this very origin', { 'sec-fetch-site': 'same-origin' }],
    ['a page that has no origin', { origin: 'null' }],
  ] as const) {
    it(`are refused to ${what}`, async () => {
      await using listener = await startListener();
      const host = `127.0.0.1:${listener.port}`;
      const { status, body } = await ask(listener.port, '/metrics', { host, ...headers });
      assert.equal(status, 403);
      assert.doesNotMatch(body, FIGURE);
    });
  }

  const outside = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

  it('cannot be reached at an address of the network', {
    skip: outside === undefined && 'no network here',
  }, async () => {
    const reach = async (port: number) => {
      const socket = connect(port, outside);
      const [outcome] = await Promise.race([
        once(socket, 'connect').then(() => ['reached']),
        once(socket, 'error'),
      ]).catch((cause) => [cause]);
      socket.destroy();
      return outcome === 'reached' ? outcome : outcome.code;
    };
    await using listener = await startListener();
    assert.equal(await reach(listener.port), 'ECONNREFUSED');
    // That address does lead here: a server that listens on it is reached.
    const control = createServer().listen(0, outside);
    await once(control, 'listening');
    assert.equal(await reach((control.address() as AddressInfo).port), 'reached');
    control.close();
  });

  it('are not on the port that learners reach, and on none unless asked for', async () => {
    await using server = await startTestServer();
    assert.equal(server.server.metricsPort, null);
    const { status, body } = await ask(server.port, '/metrics');
    assert.ok(status >= 400);
    assert.doesNotMatch(body, FIGURE);
  });

  it('say that another port would do when theirs is taken', async () => {
    await using taken = await startListener();
    const health = new Health({});
    await assert.rejects(OperatorListener.start({ port: taken.port, metrics: new Metrics(), health }), {
      code: 'port-taken',
      message: /METRICS_PORT=\d+ npm start/,
    });
  });

  it('tell of a visit what happened, and not whose it was', async () => {
    await using server = await startTestServer({ config: { metricsPort: 0, maxSandboxes: 1 } });
    const browser = server.browser();
    const page = await browser.open();
    await page.running();
    page.type('root', 'touch /mark\r');
    await page.shows('root', /touch \/mark\r\nroot@dock:~# $/);
    page.send({ type: 'check', step: 'mark' });
    await page.stateWhere(({ steps }) => steps[0]?.earned === true);
    const waiting = await server.browser().open();
    await waiting.stateWhere(({ phase }) => phase.kind === 'queued');
    page.send({ type: 'hint', step: 'mark', index: 99 });
    await page.message('error');
    const { body } = await ask(server.server.metricsPort ?? 0, '/metrics');
    for (const line of [
      'drydock_sandboxes{lab="test-lab",phase="running"} 1',
      'drydock_sandboxes{lab="test-lab",phase="queued"} 1',
      'drydock_sandboxes_admitted 1',
      'drydock_sandboxes_limit 1',
      'drydock_queue_length 1',
      'drydock_queue_wait_seconds_count 1',
      'drydock_starts_total{lab="test-lab",outcome="started"} 1',
      'drydock_start_seconds_count{lab="test-lab",from="fork"} 1',
      'drydock_start_part_seconds_count{part="templates"} 1',
      'drydock_forks_in_flight 0',
      'drydock_steps_earned_total{lab="test-lab",step="mark"} 1',
      'drydock_connections 2',
      'drydock_sessions_total{kind="fresh"} 2',
      'drydock_refusals_total{where="page",code="hint-unknown"} 1',
      'drydock_input_bytes_total 12',
    ]) {
      assert.ok(body.split('\n').includes(line), `${line} is not in\n${body}`);
    }
    assert.match(body, /^drydock_echo_seconds_count [1-9]/m);
    assert.match(body, /^drydock_output_bytes_total [1-9]/m);
    assert.match(body, /^drydock_check_seconds_count\{lab="test-lab",outcome="passed"\} [1-9]/m);
    const sandbox = page.state?.sandbox?.id ?? 'none';
    assert.doesNotMatch(body, new RegExp(`${sandbox}|[0-9a-f]{8}-[0-9a-f]{4}|127\\.0\\.0\\.1`));
  });
});

describe('health', () => {
  it('says over both ports what is wrong, in words, with a status that a monitor understands', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-health-'));
    let problem: string | undefined;
    await using server = await startTestServer({
      ...{ config: { metricsPort: 0 }, stateFolder: folder, driver: { problem: () => problem } },
    });
    const ports = [server.port, server.server.metricsPort ?? 0];
    const healthy = await ask(ports[0] ?? 0, '/healthz');
    assert.deepEqual(JSON.parse(healthy.body), {
      status: 'ok',
      checks: {
        store: { status: 'ok', words: 'ok' },
        driver: { status: 'ok', words: 'ok' },
        eventLoop: { status: 'ok', words: 'ok' },
      },
    });
    assert.equal(healthy.status, 200);
    // Another writer, which does not end: the store's own writes are refused, as on a full disk.
    const other = new DatabaseSync(join(folder, 'drydock.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    problem = 'Only 3 MiB are free where machines write.';
    // An answer holds for a second.
    while ((await ask(ports[0] ?? 0, '/healthz')).status === 200);
    for (const port of ports) {
      const { status, body } = await ask(port, '/healthz');
      const { checks } = JSON.parse(body);
      assert.equal(status, 503);
      assert.match(checks.store.words, /^Progress cannot be written \(database is locked\)\./);
      assert.deepEqual(checks.driver, { status: 'failing', words: problem });
      assert.doesNotMatch(body, new RegExp(folder));
    }
    other.exec('ROLLBACK');
    other.close();
    await rm(folder, { recursive: true });
  });
});
