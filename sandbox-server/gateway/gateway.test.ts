import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { WEBSOCKET_PATH } from '../../protocol/limits.ts';
import { startTestServer } from '../testing/test-server.ts';

describe('a gateway that is being disposed', () => {
  it('gives no WebSocket to an upgrade that arrives meanwhile, and is over when those that were open are', async () => {
    const server = await startTestServer();
    const browser = server.browser();
    const page = await browser.open();
    await page.running();
    const late = connect(server.port, '127.0.0.1');
    late.on('error', () => {});
    await once(late, 'connect');
    // Not complete yet: a connection that was there before, and speaks while the gateway ends.
    late.write(
      [
        `GET ${WEBSOCKET_PATH} HTTP/1.1`,
        `Host: 127.0.0.1:${server.port}`,
        ...[`Origin: ${server.origin}`, `Cookie: ${browser.cookie}`, 'Upgrade: websocket', 'Connection: Upgrade'],
        ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13', ''],
      ].join('\r\n'),
    );
    let answer = '';
    late.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    const gone = new Promise((resolve) => late.on('close', resolve));
    const open = browser.socket();
    await once(open, 'open');
    late.write('\r\n');
    const disposed = server[Symbol.asyncDispose]();
    assert.equal((await page.closed).reason, 'goingAway');
    await Promise.all([gone, disposed]);
    assert.doesNotMatch(answer, /101 Switching/);
    assert.equal(server.driver.machines.size, 0);
  });
});
