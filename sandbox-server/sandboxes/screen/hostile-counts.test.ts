import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MAX_LINK_MARKS } from '../../../protocol/bound-links.ts';
import { screenState } from '../../testing/screen-state.ts';
import { Screen } from './screen.ts';

const HUGE = 2 ** 31 - 1;

for (const [what, final] of [
  ['repeats a character', 'b'],
  ['inserts lines', 'L'],
  ['deletes lines', 'M'],
  ['scrolls up', 'S'],
  ['scrolls down', 'T'],
  ['goes to later tabs', 'I'],
  ['goes to earlier tabs', 'Z'],
  ['inserts characters', '@'],
  ['deletes characters', 'P'],
  ['erases characters', 'X'],
  ['moves down', 'B'],
] as const) {
  // Without a bound on counts these do not fail but never end.
  it(`a screen goes on when a program ${what} two thousand million times`, () => {
    const screen = new Screen({ cols: 500, rows: 300 });
    screen.feed(Buffer.from(`x\x1b[${HUGE}${final}\x1b[H\x1b[2Jstill here`));
    let text = '';
    for (const piece of screen.paint()) text = piece === undefined ? '' : text + piece;
    assert.match(text, /still here/);
  });
}

it('a screen still repeats what honest programs repeat', () => {
  const screen = new Screen({ cols: 500, rows: 300 });
  screen.feed(Buffer.from('x\x1b[499b'));
  assert.equal(screen.core.buffers.active.x, 500);
});

const marksOf = ({ core }: Screen) =>
  (core.buffers.active as unknown as { readonly markers: readonly unknown[] }).markers.length;

for (const [what, text] of [
  ['of links on one line', '\x1b]8;;a\x07x\r'.repeat(2 * MAX_LINK_MARKS)],
  [
    'of lines with many links that go on',
    '\x1b]8;id=a;a\x07x\n\x1b]8;id=b;b\x07x\n\x1b]8;id=c;c\x07x\x1bM\x1bM'.repeat(3_000),
  ],
] as const) {
  it(`a screen keeps no more marks than it may ${what}, and new links are links again when the old are gone`, () => {
    const screen = new Screen({ cols: 80, rows: 24 });
    screen.feed(Buffer.from(text));
    assert.ok(marksOf(screen) <= MAX_LINK_MARKS);
    screen.feed(Buffer.from('\x1bc\x1b]8;;https://example.org\x07link\x1b]8;;\x07'));
    assert.equal(marksOf(screen), 1);
  });
}

it('a link beyond what is kept is text, not part of the link before it', () => {
  const screen = new Screen({ cols: 80, rows: 24 });
  screen.feed(Buffer.from(`${'\x1b]8;;a\x07x\r'.repeat(MAX_LINK_MARKS)}\x1b]8;;b\x07y`));
  const [line] = screenState(screen.core).normal.lines;
  assert.equal(line, 'y');
});
