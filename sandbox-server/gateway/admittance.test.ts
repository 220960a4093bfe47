import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { TestBrowser } from '../testing/test-browser.ts';
import { TestPage } from '../testing/test-page.ts';
import { startTestServer } from '../testing/test-server.ts';

/** What becomes of an upgrade: the status that refused it, or the first answer to its hello. */
async function tryToConnect(browser: TestBrowser, headers: Record<string, string>, ticket: string) {
  const socket = browser.socket(headers);
  const page = new TestPage(socket);
  const refused = new Promise<number | undefined>((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      socket.terminate();
      resolve(response.statusCode);
    });
    socket.on('open', () => resolve(undefined));
  });
  const status = await refused;
  if (status !== undefined) return status;
  page.send({ type: 'hello', protocol: PROTOCOL_VERSION, ticket, page: 'p', resume: null });
  const seen = await Promise.race([page.closed.then(({ code }) => code), page.message('state').then(() => 'welcome')]);
  await page.close();
  return seen;
}

/** fetch sets Host itself; this does not. */
function post(port: number, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/attempts', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end('{"lab":"test-lab"}');
  });
}

const named = (port: number) => ({
  good: [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'lab.example.org'],
  bad: ['127.0.0.1', `127.0.0.1:${port + 1}`, `rebound.example.com:${port}`, `10.0.0.1:${port}`, 'lab.example.org:80'],
});

describe('who may talk to the server', () => {
  it('a ticket outlives an attempt that was forgotten meanwhile: its machine has an owner all the same', async (context) => {
    context.mock.timers.enable({ apis: ['setInterval'] });
    await using server = await startTestServer({ config: { queueGraceMs: 0, idleMs: 0 } });
    const browser = server.browser();
    const ticket = await browser.ticket();
    const sweep = () => context.mock.timers.tick(1_000);
    sweep();
    const socket = browser.socket();
    const page = new TestPage(socket);
    await once(socket, 'open');
    page.send({ type: 'hello', protocol: PROTOCOL_VERSION, ticket, page: 'p', resume: null });
    await page.running();
    await page.close();
    for (let turn = 0; turn < 1_000 && server.driver.machines.size > 0; turn += 1) {
      sweep();
      await new Promise(setImmediate);
    }
    assert.equal(server.driver.machines.size, 0);
  });

  it('only the right origin, by the right name, with the right ticket gets a WebSocket', async () => {
    await using server = await startTestServer({ config: { publicOrigins: ['https://lab.example.org'] } });
    const { good, bad } = named(server.port);
    const origins = {
      good: [`http://localhost:${server.port}`, `http://127.0.0.1:${server.port}`, `http://[::1]:${server.port}`],
      bad: ['https://evil.example.com', 'null', 'http://localhost', 'https://lab.example.org.evil.com', ''],
    };
    const browser = server.browser();
    for (const origin of [...origins.good, ...origins.bad]) {
      for (const host of [...good, ...bad]) {
        for (const isTicketGood of [true, false]) {
          const ticket = await browser.ticket();
          const seen = await tryToConnect(browser, { origin, host }, isTicketGood ? ticket : 'x'.repeat(43));
          const isAllowed = origins.good.includes(origin) && good.includes(host);
          const expected = !isAllowed ? 403 : isTicketGood ? 'welcome' : 4401;
          assert.equal(seen, expected, `origin "${origin}", host "${host}", ${isTicketGood ? 'good' : 'bad'} ticket`);
        }
      }
    }
  });

  it('only the right origin, by the right name, can open an attempt over HTTP', async () => {
    await using server = await startTestServer();
    const { port } = server;
    const json = { 'content-type': 'application/json' };
    const origin = `http://127.0.0.1:${port}`;
    const host = `127.0.0.1:${port}`;
    assert.equal(await post(port, { ...json, origin, host }), 200);
    assert.equal(await post(port, { ...json, origin: 'https://evil.example.com', host }), 403);
    assert.equal(await post(port, { ...json, host }), 403);
    assert.equal(await post(port, { ...json, origin, host: `rebound.example.com:${port}` }), 403);
    assert.equal(await post(port, { ...json, origin, host: `127.0.0.1:${port + 1}` }), 403);
  });

  it('a form of another kind than JSON is refused: any page could post it', async () => {
    await using server = await startTestServer();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const response = await server.browser().post(undefined, { 'content-type': type });
      assert.equal(response.status, 400, type);
    }
  });

  it('a page of the site reached through its public name gets a cookie that only TLS carries', async () => {
    await using server = await startTestServer({ config: { publicOrigins: ['https://lab.example.org'] } });
    const response = await server.browser().post(undefined, { origin: 'https://lab.example.org' });
    assert.match(
      response.headers.get('set-cookie') ?? '',
      /^__Host-drydock=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('on this computer the cookie is HttpOnly and SameSite=Strict, and set once', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    const response = await browser.post();
    const cookie = response.headers.get('set-cookie') ?? '';
    const shape = new RegExp(
      `^drydock-${server.port}=[\\w-]{43}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Strict$`,
    );
    assert.match(cookie, shape);
    browser.cookie = cookie.split(';')[0];
    assert.equal((await browser.post()).headers.get('set-cookie'), null);
  });

  it('a ticket in the address is not even looked at', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    const ticket = await browser.ticket();
    const url = `${server.origin.replace('http', 'ws')}/ws?ticket=${ticket}`;
    const socket = new WebSocket(url, { headers: { origin: server.origin, cookie: browser.cookie ?? '' } });
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    assert.equal(response.statusCode, 404);
    socket.terminate();
  });

  it('an unknown lab, a malformed request and too many requests are answered in words', async () => {
    await using server = await startTestServer({ config: { requestsPerMinute: 3 } });
    const browser = server.browser();
    const codes: unknown[] = [];
    for (const body of [
      { lab: 'no-such-lab' },
      { lab: '../etc' },
      { lab: 'test-lab', admin: 1 },
      { lab: 'test-lab' },
    ]) {
      const response = await browser.post(body);
      const answer = (await response.json()) as { error: { code: string } };
      codes.push([response.status, answer.error.code]);
    }
    assert.deepEqual(codes, [
      [404, 'lab-unknown'],
      [400, 'bad-request'],
      [400, 'bad-request'],
      [429, 'too-many-requests'],
    ]);
  });

  it('upgrades are limited per address, and in all', async () => {
    await using server = await startTestServer({ config: { requestsPerMinute: 2 } });
    const browser = server.browser();
    const ticket = await browser.ticket();
    assert.equal(await tryToConnect(browser, {}, ticket), 'welcome');
    assert.equal(await tryToConnect(browser, {}, ticket), 4401);
    assert.equal(await tryToConnect(browser, {}, ticket), 429);

    await using full = await startTestServer({ config: { maxConnections: 1 } });
    const late = full.browser();
    await late.open();
    assert.equal(await tryToConnect(late, {}, await late.ticket()), 503);
  });

  it('one attempt can be open in so many pages and no more', async () => {
    await using server = await startTestServer({ config: { connectionsPerAttempt: 1 } });
    const browser = server.browser();
    const spare = await browser.ticket();
    const page = await browser.open();
    await page.running();
    const response = await browser.post();
    assert.equal(response.status, 429);
    assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'too-many-tabs');
    assert.equal(await tryToConnect(browser, {}, spare), 4401);
  });
});
