import assert from 'node:assert/strict';
import { test } from 'node:test';
import headless from '@xterm/headless';
import { TerminalFeed } from './terminal-feed.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function open() {
  const terminal = new headless.Terminal({ allowProposedApi: true });
  const sizes: string[] = [];
  const feed = new TerminalFeed(({ cols, rows }) => sizes.push(`${cols} × ${rows}`));
  const write = (data: Uint8Array) => new Promise<void>((resolve) => feed.write(data, resolve));
  const lines = () =>
    Array.from({ length: terminal.rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true));
  return { terminal, feed, sizes, write, lines, attach: () => feed.attach(terminal as never) };
}

test('a size is taken between the output before it and the output after it', async () => {
  const { terminal, feed, sizes, write, lines, attach } = open();
  void write(bytes('\x1b[1;80Ha'));
  feed.resize({ cols: 20, rows: 10 });
  const last = write(bytes('\x1b[1;20Hb\x1b[999;999Hc'));
  assert.deepEqual(sizes, [], 'what waits for xterm.js waits in order');
  attach();
  await last;
  assert.deepEqual(sizes, ['20 × 10']);
  assert.equal(terminal.cols, 20);
  assert.equal(lines()[9]?.at(-1), 'c');
});

test('a character cut in two is one, wherever it is cut', async () => {
  for (const cut of [2, 3]) {
    const { write, lines, attach } = open();
    attach();
    const whole = bytes('a\u2014b');
    await write(whole.subarray(0, cut));
    await write(whole.subarray(cut));
    assert.equal(lines()[0], 'a\u2014b');
  }
});

test('beginning anew forgets half a sequence and half a character', async () => {
  const { feed, write, lines, attach, terminal } = open();
  attach();
  await write(bytes('old\x1b[3'));
  await write(bytes('\u2014').subarray(0, 2));
  feed.beginAnew({ cols: 30, rows: 5 });
  await write(bytes('1mnew'));
  assert.deepEqual(lines(), ['1mnew', '', '', '', '']);
  assert.equal(terminal.cols, 30);
});
