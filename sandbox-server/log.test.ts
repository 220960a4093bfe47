import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeLog } from './log.ts';
import { startTestServer } from './testing/test-server.ts';

describe('the log', () => {
  it('hides what stands under the name of a secret, however deep', () => {
    const lines: string[] = [];
    const log = makeLog({ logLevel: 'info' }, { write: (line) => lines.push(line) });
    log.info({ ticket: 'T1', a: { cookie: 'C1', b: { 'set-cookie': 'C2', c: { secret: 'S1' } } }, env: { X: 'S2' } });
    assert.match(lines.join(''), /\[hidden\]/);
    assert.doesNotMatch(lines.join(''), /T1|C1|C2|S1|S2/);
  });

  it('of a whole visit, at its most talkative, holds no ticket, cookie, secret or key that was pressed', async () => {
    let text = '';
    await using server = await startTestServer({
      config: { logLevel: 'trace' },
      onLog: (line) => {
        text += line;
      },
    });
    const browser = server.browser();
    const ticket = await browser.ticket();
    const page = await browser.open();
    await page.running();
    page.type('root', 'echo pass""word; cat /door\r');
    await page.shows('root', /^key-[0-9a-f]{16}\r$/m);
    page.send({ type: 'check', step: 'door' });
    await page.stateWhere(({ steps }) => steps[1]?.checks[0]?.status === 'failed');
    await browser.post({ lab: 'nowhere' });
    await page.close();
    const secret = /key-([0-9a-f]{16})/.exec(page.text('root'))?.[1];
    assert.ok(secret && browser.cookie);
    assert.match(text, /sandbox started/);
    for (const hidden of [ticket, browser.cookie.split('=')[1], secret, 'password', 'pass""word']) {
      assert.ok(hidden && !text.includes(hidden), `the log holds ${hidden}`);
    }
  });
});
