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

  it('answers, paints and tells its size as one that is here does', async () => {
    using screen = new RemoteScreen();
    const asked = await screen.open({ cols: 40, rows: 10 }, Buffer.from('\x1b[31mred\x1b[c'));
    assert.deepEqual(asked, { answers: ['\x1b[?1;2c'], isQuiet: true, size: { cols: 40, rows: 10 } });
    assert.equal((await screen.feed(Buffer.from('\x1b['))).isQuiet, false);
    await screen.feed(Buffer.from('m'));
    await screen.resize(SMALL);
    const { snapshot, size } = await screen.paint();
    assert.deepEqual(size, SMALL);
    assert.match(Buffer.from(snapshot ?? []).toString(), /red/);
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
      assert.match(Buffer.from((await good.paint()).snapshot ?? []).toString(), /x/);
    });
  }
});
