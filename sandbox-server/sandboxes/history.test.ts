import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { History } from './history.ts';

const KIB = 1024;

function readAll(history: History, from: number): Buffer {
  const parts: Uint8Array[] = [];
  for (let offset = from; offset < history.end; ) {
    const bytes = history.read(offset, 5_000);
    assert.ok(bytes.length > 0);
    parts.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat(parts);
}

describe('a history', () => {
  it('gives back what was appended, by offset, and keeps at least its capacity and little more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 * KIB }), { maxLength: 20 }), (lengths) => {
        const history = new History(64 * KIB);
        let all = Buffer.alloc(0);
        for (const length of lengths) {
          const bytes = Buffer.alloc(length, (all.length % 251) + 1);
          history.append(bytes);
          all = Buffer.concat([all, bytes]);
        }
        assert.equal(history.end, all.length);
        assert.ok(history.end - history.start >= Math.min(all.length, 64 * KIB));
        assert.ok(history.end - history.start <= 64 * KIB + 32 * KIB);
        assert.ok(readAll(history, history.start).equals(all.subarray(history.start)));
      }),
      { numRuns: 50 },
    );
  });

  it('has nothing outside of what it holds', () => {
    const history = new History(16 * KIB);
    history.append(Buffer.alloc(100 * KIB));
    assert.equal(history.read(history.start - 1, 10).length, 0);
    assert.equal(history.read(history.end, 10).length, 0);
    assert.equal(new History(16).read(0, 10).length, 0);
  });

  it('replays from the very beginning while that is held, else from the start of a line', () => {
    const history = new History(64 * KIB);
    history.append(Buffer.from('first\nsecond\n'));
    assert.equal(history.replayStart(1_000), 0);
    assert.equal(history.replayStart(10), 'first\n'.length);
    history.append(Buffer.alloc(20 * KIB, 'x'));
    const after = history.end;
    assert.equal(history.replayStart(1_000), after - 1_000);
    history.append(Buffer.from('\nlast'));
    assert.equal(history.replayStart(1_000), after + 1);
  });
});
