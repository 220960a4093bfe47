import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Unparsed } from './unparsed.ts';

const MIB = 1024 * 1024;

describe('what is not parsed yet', () => {
  it('is what came and was not skipped, and nothing handed out changes afterwards', () => {
    const step = fc.record({ add: fc.uint8Array({ maxLength: 40 }), skip: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const unparsed = new Unparsed();
        let expected = Buffer.alloc(0);
        const handedOut: [bytes: Buffer, copy: Buffer][] = [];
        for (const { add, skip } of steps) {
          unparsed.add(Buffer.from(add));
          expected = Buffer.concat([expected, add]);
          handedOut.push([unparsed.bytes, Buffer.from(unparsed.bytes)]);
          const count = Math.min(skip, expected.length);
          unparsed.skip(count);
          expected = expected.subarray(count);
          assert.deepEqual(unparsed.bytes, expected);
          assert.equal(unparsed.length, expected.length);
        }
        for (const [bytes, copy] of handedOut) assert.deepEqual(bytes, copy);
      }),
    );
  });

  it('of a megabyte in crumbs takes a few megabytes and as many copies, not one per crumb', () => {
    const unparsed = new Unparsed();
    const crumb = Buffer.alloc(7);
    const before = process.memoryUsage().arrayBuffers;
    const buffers = new Set<ArrayBufferLike>();
    while (unparsed.length < MIB) {
      unparsed.add(crumb);
      buffers.add(unparsed.bytes.buffer);
    }
    assert.ok(buffers.size < 30, `${buffers.size} buffers`);
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < 8 * MIB, `${grown} bytes`);
  });
});
