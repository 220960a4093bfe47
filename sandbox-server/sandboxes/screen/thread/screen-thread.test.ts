import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TERMINAL_COLS, TERMINAL_ROWS } from '../../../../protocol/limits.ts';
import { DEAR_OUTPUT } from '../../../testing/flood/dear-output.ts';
import { Screen } from '../screen.ts';
import { RemoteScreen } from './remote-screen.ts';
import { ScreenGone, ScreenThread } from './screen-thread.ts';

const LARGEST = { cols: TERMINAL_COLS.max, rows: TERMINAL_ROWS.max };
const SMALL = { cols: 80, rows: 24 };
/** Some hundred milliseconds. */
const DEAR = Buffer.from(DEAR_OUTPUT.repeat(20));
/** Ten seconds and more. */
const DEAREST = Buffer.from(DEAR_OUTPUT.repeat(4_000));
/** At once, whatever is under way. */
const HERE = { from: 0, isForced: true };
const DYING = { program: new URL('../../../testing/dying-worker.ts', import.meta.url), lookMs: 20 };

/** Turns of the event loop until this is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let isOver = false;
  let turns = 0;
  void work().then(() => {
    isOver = true;
  });
  for (; !isOver; turns += 1) await new Promise(setImmediate);
  return turns;
}

describe('a screen in its thread', () => {
  it('leaves the event loop alone, however dear what it parses is; parsed there, that stops it', async () => {
    using screen = new RemoteScreen();
    await screen.open(LARGEST, new Uint8Array());
    assert.ok((await turnsDuring(() => screen.feed(DEAR))) > 100);
    using here = new Screen(LARGEST);
    assert.ok((await turnsDuring(async () => here.feed(DEAR))) <= 2);
  });

  it('answers and paints as one that is here does', async () => {
    using screen = new RemoteScreen();
    const asked = await screen.open({ cols: 40, rows: 10 }, Buffer.from('\x1b[31mred\x1b[c'));
    assert.deepEqual(asked, { fed: 11, answers: ['\x1b[?1;2c'], size: { cols: 40, rows: 10 } });
    await screen.resize(SMALL);
    const { size, snapshot } = await screen.feed(new Uint8Array(), HERE);
    assert.deepEqual(size, SMALL);
    assert.match(Buffer.from(snapshot ?? []).toString(), /red/);
  });

  it('paints at the first quiet moment where it may, and in the middle of a sequence only if it must', async () => {
    using screen = new RemoteScreen();
    await screen.open(SMALL, new Uint8Array());
    const middle = Buffer.from('\x1b[3');
    assert.equal((await screen.feed(middle, { from: 0, isForced: false })).fed, 0);
    assert.equal((await screen.feed(middle, { from: 1, isForced: false })).snapshot, undefined);
    assert.ok((await screen.feed(new Uint8Array(), HERE)).snapshot);
    const lines = Buffer.from('m\r\n'.repeat(4_000));
    const { fed, snapshot } = await screen.feed(lines, { from: 6_000, isForced: false });
    assert.ok(snapshot && fed >= 6_000 && fed < lines.length, `${fed}`);
  });

  it('that has used much does not keep one waiting that has used little', async () => {
    const order: string[] = [];
    const greedy = [new RemoteScreen(), new RemoteScreen(), new RemoteScreen()];
    for (const screen of greedy) await screen.open(LARGEST, new Uint8Array());
    for (const screen of greedy) {
      screen.feed(DEAREST).then(
        () => order.push('greedy'),
        () => order.push('gone'),
      );
    }
    using modest = new RemoteScreen();
    await modest.open(SMALL, new Uint8Array());
    for (let count = 0; count < 20; count += 1) await modest.feed(Buffer.from('a line of text\r\n'.repeat(200)));
    order.push('modest');
    for (const screen of greedy) screen[Symbol.dispose]();
    await new Promise(setImmediate);
    assert.deepEqual(order, ['modest', 'gone', 'gone', 'gone']);
  });

  for (const [how, word] of [
    ['stands still', 'hang-here'],
    ['falls over', 'crash-here'],
  ] as const) {
    it(`that ${how} is lost alone: others are opened again in another thread`, async () => {
      const thread = new ScreenThread(DYING);
      using bad = new RemoteScreen(thread);
      using good = new RemoteScreen(thread);
      await bad.open(SMALL, new Uint8Array());
      await good.open(SMALL, new Uint8Array());
      const lost = assert.rejects(bad.feed(Buffer.from(word)), (cause) => !(cause instanceof ScreenGone));
      const gone = assert.rejects(good.feed(Buffer.from('x')), ScreenGone);
      await Promise.all([lost, gone]);
      assert.deepEqual([bad.isOpen, good.isOpen], [false, false]);
      await good.open(SMALL, Buffer.from('x'));
      assert.match(Buffer.from((await good.feed(new Uint8Array(), HERE)).snapshot ?? []).toString(), /x/);
    });
  }
});
