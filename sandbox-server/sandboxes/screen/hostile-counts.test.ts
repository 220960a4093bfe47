import assert from 'node:assert/strict';
import { it } from 'node:test';
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
