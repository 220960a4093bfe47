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

  it('says of everything that happens to a sandbox whose it was, which it was, and how long it took', async () => {
    const lines: Record<string, unknown>[] = [];
    await using server = await startTestServer({
      config: { logLevel: 'info' },
      onLog: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    const page = await server.browser().open();
    const { sandbox } = await page.running();
    page.send({ type: 'reset' });
    const { sandbox: second } = await page.stateWhere(({ sandbox: now }) => now !== null && now.id !== sandbox?.id);
    [...server.driver.machines].at(-1)?.kill('out of memory');
    await page.stateWhere(({ phase }) => phase.kind === 'ended');
    await page.close();
    const attempt = lines.find(({ msg }) => msg === 'page connected')?.attempt;
    const told = lines
      .filter((line) => line.attempt === attempt)
      .map(({ level: _level, time: _time, attempt: _attempt, seconds, ...line }) => ({
        ...line,
        ...(seconds !== undefined && {
          seconds: typeof seconds === 'object' ? Object.keys(seconds ?? {}) : typeof seconds,
        }),
      }));
    const lab = 'test-lab';
    const [first, next] = [
      { lab, sandbox: sandbox?.id, epoch: 1 },
      { lab, sandbox: second?.id, epoch: 2 },
    ];
    const machine = `${second?.id}-0`;
    assert.deepEqual(told, [
      { connection: 1, lab, kind: 'fresh', pages: 1, msg: 'page connected' },
      {
        ...first,
        machines: [`${sandbox?.id}-0`],
        from: 'fork',
        seconds: ['total', 'queue', 'templates'],
        msg: 'sandbox started',
      },
      { ...first, reason: 'reset', msg: 'sandbox ended' },
      { ...next, machines: [machine], from: 'fork', seconds: ['total', 'templates'], msg: 'sandbox started' },
      { ...next, cause: 'crashed', kind: 'lost', detail: 'out of memory', machine, msg: 'a machine ended by itself' },
      { ...next, reason: 'lost', msg: 'sandbox ended' },
      { connection: 1, lab, reason: 'gone', seconds: 'number', msg: 'page left' },
    ]);
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
