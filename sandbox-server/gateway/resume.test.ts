import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OUTPUT_HIGH_MARK_BYTES } from '../../protocol/limits.ts';
import { TERMINAL_WINDOW_BYTES } from '../machines/driver.ts';
import { settledBytes } from '../testing/settled-memory.ts';
import { startTestServer } from '../testing/test-server.ts';

const LINES = 200_000;

function numbersIn(text: string): number[] {
  return (text.match(/^\d+(?=\r$)/gm) ?? []).map(Number);
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('a page that comes back', () => {
  it('misses nothing and gets nothing twice, however often the network is cut in the middle of output', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    let page = await browser.open();
    await page.running();
    page.type('alice', `seq ${LINES}; echo do""ne\r`);
    let text = '';
    for (let cut = 1; cut <= 12; cut += 1) {
      const next = page.end('alice') + cut * 7_919;
      const current = page;
      await current.until(() => current.end('alice') >= next);
      await current.cut();
      assert.equal(current.fault, undefined);
      text += current.text('alice');
      page = await browser.open({ resume: current.resume });
    }
    await page.shows('alice', /^done\r$/m);
    text += page.text('alice');
    assert.equal(page.fault, undefined);
    assert.equal(
      page.messages.find(({ type }) => type === 'resync'),
      undefined,
    );
    assert.deepEqual(numbersIn(text), upTo(LINES));
  });

  it('applies input once that it repeats because no answer came', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    const first = await browser.open();
    await first.running();
    first.type('alice', 'echo on""ce\r');
    await first.shows('alice', /^once\r$/m);
    await first.cut();
    const second = await browser.open({ resume: first.resume });
    await second.running();
    second.sendInput('alice', 0, Buffer.from('echo on""ce\recho la""st\r'));
    await second.shows('alice', /^last\r$/m);
    const text = first.text('alice') + second.text('alice');
    assert.equal(text.match(/^once\r$/gm)?.length, 1);
  });

  it('and was reloaded gets the screen again', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    const before = await browser.open();
    await before.running();
    before.type('alice', 'echo he""re\r');
    await before.shows('alice', /^here\r\nalice@dock:~\$ $/m);
    await before.close();
    const after = await browser.open();
    await after.shows('alice', /^here\r\nalice@dock:~\$ $/m);
    assert.equal(after.text('alice'), before.text('alice'));
    assert.equal(after.state?.sandbox?.id, before.state?.sandbox?.id);
  });

  it('too late is told where the output that is still held begins, at the start of a line', async () => {
    await using server = await startTestServer({ config: { terminalHistoryBytes: 256 * 1024, outputHoldMs: 0 } });
    const browser = server.browser();
    const first = await browser.open();
    await first.running();
    await first.shows('alice', /\$ $/);
    first.type('alice', `seq ${LINES}\r`);
    await first.message('inputAck');
    await first.cut();
    const [machine] = server.driver.machines;
    const terminal = machine?.terminals[0];
    await terminal?.inject('fin\r\n');
    const second = await browser.open({ resume: first.resume });
    const { offset } = await second.message('resync');
    await second.shows('alice', new RegExp(`^${LINES}\\r$`, 'm'));
    assert.ok(offset > first.end('alice'));
    const seen = numbersIn(second.text('alice'));
    assert.deepEqual(seen, upTo(LINES).slice(-seen.length));
    assert.match(second.text('alice'), /^\d/);
  });

  it('to a sandbox that is gone is told so instead of being given another', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open({ resume: { sandbox: 'long-gone', outputs: {} } });
    const { phase, sandbox } = await page.stateWhere(() => true);
    assert.deepEqual([phase, sandbox], [{ kind: 'ended', reason: 'crashed' }, null]);
    page.send({ type: 'reset' });
    await page.running();
  });
});

describe('a page that is slow', () => {
  it('pauses the machine when it is the only one, costs no memory, and loses nothing', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open({ acknowledges: false });
    await page.running();
    page.type('alice', `seq ${LINES}; echo do""ne\r`);
    await page.until(() => page.end('alice') >= TERMINAL_WINDOW_BYTES);
    const [machine] = server.driver.machines;
    const terminal = machine?.terminals[0];
    // The machine has taken two more scripts: time in which a server that does not pace would have sent more.
    for (const script of ['true', 'true']) await machine?.run({ script, timeoutMs: 1_000 });
    assert.equal(terminal?.delivered, TERMINAL_WINDOW_BYTES);
    assert.equal(page.end('alice'), TERMINAL_WINDOW_BYTES);
    page.acknowledgeFromNowOn('alice');
    await page.shows('alice', /^done\r$/m);
    assert.ok(page.mostUnacknowledged <= OUTPUT_HIGH_MARK_BYTES, `${page.mostUnacknowledged} bytes unacknowledged`);
    assert.deepEqual(numbersIn(page.text('alice')), upTo(LINES));
  });

  it('does not hold up its other terminals', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open({ acknowledges: false });
    await page.running();
    page.type('alice', `seq ${LINES}\r`);
    await page.until(() => page.end('alice') >= TERMINAL_WINDOW_BYTES);
    page.type('root', 'echo fr""ee\r');
    await page.shows('root', /^free\r$/m);
  });

  it('does not hold up another page of the same attempt for longer than a few seconds', async (context) => {
    await using server = await startTestServer();
    const browser = server.browser();
    const slow = await browser.open({ acknowledges: false });
    await slow.running();
    const quick = await browser.open();
    await quick.running();
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() });
    quick.type('alice', `seq ${LINES}; echo do""ne\r`);
    await quick.until(() => quick.end('alice') >= TERMINAL_WINDOW_BYTES);
    context.mock.timers.tick(10_000);
    await quick.shows('alice', /^done\r$/m);
    assert.deepEqual(numbersIn(quick.text('alice')), upTo(LINES));
    assert.equal(quick.fault, undefined);
  });

  it('keeps the server small while it does not even read its socket, and then gets every byte in order', async () => {
    await using server = await startTestServer();
    const page = await server.browser().open({ acknowledges: false });
    await page.running();
    const before = await settledBytes();
    page.socket.pause();
    page.type('alice', `seq ${LINES}; echo do""ne\r`);
    const [machine] = server.driver.machines;
    const terminal = machine?.terminals[0];
    while ((terminal?.delivered ?? 0) < TERMINAL_WINDOW_BYTES) await new Promise(setImmediate);
    for (let count = 0; count < 50; count += 1) {
      page.send({ type: 'check', step: 'mark' });
      await machine?.run({ script: 'true', timeoutMs: 1_000 });
    }
    assert.equal(terminal?.delivered, TERMINAL_WINDOW_BYTES);
    const grown = (await settledBytes()) - before;
    assert.ok(grown < 2 * 1024 * 1024, `the server grew by ${grown} bytes`);
    page.socket.resume();
    page.acknowledgeFromNowOn('alice');
    await page.shows('alice', /^done\r$/m);
    assert.deepEqual(numbersIn(page.text('alice')), upTo(LINES));
    assert.equal(page.fault, undefined);
  });
});
