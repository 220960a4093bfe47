import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OUTPUT_HIGH_MARK_BYTES } from '../../protocol/limits.ts';
import { TERMINAL_WINDOW_BYTES } from '../machines/driver.ts';
import { screenState } from '../testing/screen-state.ts';
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
    await page.shows('alice', /\$ $/);
    const terminal = server.driver.machines.values().next().value?.terminals[0];
    assert.ok(terminal);
    const perCut = 8_000;
    for (let cut = 0; cut < 12; cut += 1) {
      const lines = Array.from({ length: perCut }, (_, index) => `${cut * perCut + index + 1}\r\n`).join('');
      const next = page.end('alice') + cut * 3_989;
      const printed = terminal.inject(`\r\n${lines}`);
      const current = page;
      await current.until(() => current.end('alice') >= next);
      await current.cut();
      await printed;
      page = await browser.open({ continues: current });
    }
    await terminal.inject('done\r\n');
    await page.shows('alice', /^done\r$/m);
    assert.equal(page.fault, undefined);
    assert.equal(page.snapshots('alice'), 0);
    assert.deepEqual(numbersIn(page.text('alice')), upTo(12 * perCut));
  });

  it('applies input once that it repeats because no answer came', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    const first = await browser.open();
    await first.running();
    first.type('alice', 'echo on""ce\r');
    await first.shows('alice', /^once\r$/m);
    await first.cut();
    const second = await browser.open({ continues: first });
    await second.running();
    second.sendInput('alice', 0, Buffer.from('echo on""ce\recho la""st\r'));
    await second.shows('alice', /^last\r$/m);
    assert.equal(second.text('alice').match(/^once\r$/gm)?.length, 1);
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

  it('after megabytes of output looks like a page that stayed, scrollback included', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    const stays = await browser.open({ copies: true });
    await stays.running();
    stays.send({ type: 'resize', terminal: 'alice', cols: 100, rows: 30 });
    const goes = await browser.open({ copies: true });
    await goes.shows('alice', /\$ $/);
    await goes.cut();
    const terminal = server.driver.machines.values().next().value?.terminals[0];
    assert.ok(terminal);
    for (let part = 0; part < 40; part += 1) {
      await terminal.inject(`\x1b[3${part % 8}m${`part ${part}\r\n`.repeat(6_000)}\x1b[m`);
    }
    await terminal.inject('\x1b[?1049h\x1b[2;5r\x1b(0lqk\x1b(B\x1b[3;7Hend');
    const reloaded = await browser.open({ copies: true });
    const back = await browser.open({ continues: goes });
    await stays.shows('alice', /end$/);
    for (const page of [back, reloaded]) {
      await page.until(() => page.end('alice') === stays.end('alice'));
      assert.equal(page.fault, undefined);
      assert.equal(page.snapshots('alice'), 1);
      assert.deepEqual(screenState(page.copy('alice').core), screenState(stays.copy('alice').core));
    }
    assert.equal(stays.snapshots('alice'), 0);
    assert.ok(stays.end('alice') > 2_000_000);
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

  it('does not hold up the page that is typed into, and has the same screen when it has caught up', async () => {
    await using server = await startTestServer();
    const browser = server.browser();
    const slow = await browser.open({ acknowledges: false, copies: true });
    await slow.running();
    const quick = await browser.open({ copies: true });
    await quick.running();
    quick.type('alice', `seq ${LINES}; echo do""ne\r`);
    await quick.shows('alice', /^done\r$/m);
    assert.deepEqual(numbersIn(quick.text('alice')), upTo(LINES));
    slow.acknowledgeFromNowOn('alice');
    await slow.until(() => slow.end('alice') === quick.end('alice'));
    assert.deepEqual([slow.fault, quick.fault], [undefined, undefined]);
    assert.equal(slow.snapshots('alice'), 1);
    assert.deepEqual(screenState(slow.copy('alice').core), screenState(quick.copy('alice').core));
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
