import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { History } from './history.ts';

const KIB = 1024;

/** Everything it still holds, in the pieces it gives. */
function readAll(history: History): number[] {
  const bytes: number[] = [];
  for (let offset = history.start; offset < history.end; ) {
    const piece = history.read(offset, 10 * KIB);
    assert.notEqual(piece.length, 0);
    bytes.push(...piece);
    offset += piece.length;
  }
  return bytes;
}

describe('a history', () => {
  it('gives back what was printed, by offset, and nothing from behind its end', () => {
    const history = new History();
    history.append(Buffer.from('hello '));
    history.append(Buffer.from('world'));
    assert.equal(Buffer.from(history.read(3, 100)).toString(), 'lo world');
    assert.equal(history.read(11, 100).length, 0);
  });

  it('may begin at any offset', () => {
    const history = new History(1_000);
    assert.deepEqual([history.start, history.end], [1_000, 1_000]);
    history.append(Buffer.from('ab'));
    assert.equal(Buffer.from(history.read(1_001, 100)).toString(), 'b');
    assert.equal(history.read(999, 100).length, 0);
  });

  it('whatever is appended and forgotten, holds at least what is wanted, in order, and little more', () => {
    const action = fc.record({ bytes: fc.nat(40 * KIB), keep: fc.nat(60 * KIB) });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const history = new History();
        let wanted = 0;
        for (const { bytes, keep } of actions) {
          history.append(Uint8Array.from({ length: bytes }, (_, index) => (history.end + index) % 251));
          wanted = Math.max(wanted, history.end - keep);
          history.forgetBefore(wanted);
          assert.ok(history.start <= Math.max(0, wanted) && wanted - history.start < 16 * KIB);
        }
        const expected = Array.from({ length: history.end - history.start }, (_, at) => (history.start + at) % 251);
        assert.deepEqual(readAll(history), expected);
      }),
      { numRuns: 40 },
    );
  });
});
