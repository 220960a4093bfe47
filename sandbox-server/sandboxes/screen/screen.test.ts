import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { EMPTY_TERMINAL } from '../../../protocol/terminal-copy.ts';
import { screenState } from '../../testing/screen-state.ts';
import { insertingStream, resizedStream, type StreamEvent, steadyStream } from '../../testing/terminal-stream.ts';
import { Screen } from './screen.ts';

/** `LONG=1 node --test sandbox-server/sandboxes/screen/screen.test.ts` takes some minutes. */
const RUNS = process.env.LONG === '1' ? 5_000 : 120;

const SIZE = { cols: 40, rows: 12 };

function play(screen: Screen, events: readonly StreamEvent[]): void {
  for (const event of events) {
    if ('text' in event) screen.feed(Buffer.from(event.text));
    else {
      screen.resize(event.size);
      if (screen.core.buffers.active === screen.core.buffers.alt) screen.feed(Buffer.from('\x1b[2J'));
    }
  }
}

function paint(screen: Screen, maxBytes?: number): Buffer {
  let text = '';
  for (const piece of screen.paint(maxBytes)) text = piece === undefined ? '' : text + piece;
  return Buffer.from(text);
}

/** A terminal that has been through something else, and is then given a snapshot as a page is. */
function copy(screen: Screen, past = ''): Screen {
  const other = new Screen({ cols: 33, rows: 7 });
  other.feed(Buffer.from(past));
  other.feed(Buffer.from(EMPTY_TERMINAL));
  other.resize(screen.size);
  other.feed(paint(screen));
  return other;
}

function holdsFor(stream: (maxLength: number) => fc.Arbitrary<StreamEvent[]>, { links = true } = {}): void {
  const pasts = fc.constantFrom(
    '',
    '\x1b[31mold\x1b[?1049h\x1b(0\x1b[3',
    '\x1b]0;unfinished',
    '\x1bP1;2',
    '漢\x1b[2;5r',
  );
  const property = fc.property(stream(200), pasts, stream(200), (before, past, after) => {
    using original = new Screen(SIZE);
    play(original, before);
    fc.pre(original.isQuiet);
    using restored = copy(original, past);
    assert.deepEqual(screenState(restored.core), screenState(original.core));
    play(original, after);
    play(restored, after);
    assert.deepEqual(screenState(restored.core, { links }), screenState(original.core, { links }));
  });
  fc.assert(property, { numRuns: RUNS });
}

describe('a snapshot', () => {
  // Which lines a hyperlink is on is forgotten when lines are inserted; that is not followed.
  it('restores cells, cursor, modes, margins, tab stops, charsets, titles, and is equal after more output', () =>
    holdsFor(steadyStream, { links: false }));

  it('does so in insert mode, without wrapping, and with columns shifted', () => holdsFor(insertingStream));

  it('does so when the size changes before and after', () => holdsFor(resizedStream));

  it('is not taken in the middle of a character or a sequence', () => {
    for (const middle of ['\x1b', '\x1b[3', '\x1b]0;half a title', '\x1bP$q', 'a\u2014'].map((text) =>
      Buffer.from(text),
    )) {
      using screen = new Screen(SIZE);
      screen.feed(middle.subarray(0, middle.length - (middle.at(-1) === 0x94 ? 1 : 0)));
      assert.equal(screen.isQuiet, false, JSON.stringify(middle.toString()));
    }
  });

  it('between a letter and its accent still lets them become one', () => {
    using original = new Screen(SIZE);
    original.feed(Buffer.from('cafe'));
    assert.equal(original.isQuiet, true);
    using restored = copy(original);
    for (const screen of [original, restored]) screen.feed(Buffer.from('\u0301\x1b[2b'));
    assert.deepEqual(screenState(restored.core), screenState(original.core));
    assert.match(screenState(restored.core).normal.lines[0] ?? '', /^caf(e\u0301){3}$/);
  });

  it('keeps as much scrollback as a page, and gives up its oldest lines when there is too much', () => {
    using original = new Screen(SIZE);
    for (let line = 1; line <= 3_000; line += 1) original.feed(Buffer.from(`\x1b[${31 + (line % 7)}mline ${line}\r\n`));
    using whole = copy(original);
    assert.equal(screenState(whole.core).normal.lines.length, 2_012);
    assert.deepEqual(screenState(whole.core), screenState(original.core));
    const small = paint(original, 4_096);
    assert.ok(small.length < 8_192, `${small.length} bytes`);
    assert.match(small.toString(), /line 3000/);
  });

  it('comes out the same whatever pieces the output came in', () => {
    // xterm.js 6 alone loses this dash when it is cut behind its second byte (0x80).
    const bytes = Buffer.from('a\u2014b 你好 \x1b[31m👩‍👩‍👧\x1b[m\r\n');
    using whole = new Screen(SIZE);
    whole.feed(bytes);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      using pieces = new Screen(SIZE);
      pieces.feed(bytes.subarray(0, cut));
      pieces.feed(bytes.subarray(cut));
      assert.deepEqual(screenState(pieces.core), screenState(whole.core));
    }
  });
});

describe('a screen', () => {
  it('answers what programs ask, as the page used to', () => {
    const questions = {
      '\x1b[c': '\x1b[?1;2c',
      '\x1b[>c': '\x1b[>0;276;0c',
      '\x1b[5n': '\x1b[0n',
      '\x1b[4;7H\x1b[6n': '\x1b[4;7R',
      '\x1b[?2004$p': '\x1b[?2004;2$y',
      '\x1bP$qm\x1b\\': '\x1bP1$r0m\x1b\\',
      '\x1b]11;?\x07': '\x1b]11;rgb:0c0c/1414/1818\x1b\\',
      '\x1b]4;1;?\x07': '\x1b]4;1;rgb:e8e8/8080/6a6a\x1b\\',
      '\x1b]4;196;?\x07': '\x1b]4;196;rgb:ffff/0000/0000\x1b\\',
      '\x1b]10;#102030\x07\x1b]10;?\x07': '\x1b]10;rgb:1010/2020/3030\x1b\\',
    };
    for (const [question, answer] of Object.entries(questions)) {
      let answered = '';
      using screen = new Screen(SIZE, (text) => {
        answered += text;
      });
      screen.feed(Buffer.from(question));
      assert.equal(answered, answer);
    }
  });

  it('survives what makes xterm.js throw', () => {
    using screen = new Screen(SIZE);
    screen.feed(Buffer.from('\x1b[999;999Hx\x1b[1Jafter'));
    assert.match(screenState(screen.core).normal.lines.join('\n'), /after/);
  });
});
