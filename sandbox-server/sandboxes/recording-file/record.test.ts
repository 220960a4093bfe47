import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { decodeRecords, encodeRecord, type FileRecord, MAGIC } from './record.ts';

const record = fc.record({
  kind: fc.constantFrom('base', 'output', 'size', 'input', 'typists'),
  facts: fc.oneof(fc.constant(null), fc.record({ offset: fc.nat(), page: fc.string() }, { noNullPrototype: true })),
  bytes: fc.uint8Array({ maxLength: 300 }),
}) satisfies fc.Arbitrary<FileRecord>;

const plain = (records: readonly FileRecord[]) => records.map((each) => ({ ...each, bytes: [...each.bytes] }));

describe('a recording’s file', () => {
  it('cut off anywhere, are what was whole before, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), fc.nat(2_000), (records, at) => {
        const parts = records.map(encodeRecord);
        const file = Buffer.concat([MAGIC, ...parts]);
        const cut = Math.min(file.length, MAGIC.length + at);
        let whole = MAGIC.length;
        let count = 0;
        while (count < parts.length && whole + (parts[count]?.length ?? 0) <= cut) whole += parts[count++]?.length ?? 0;
        const { records: read, end } = decodeRecords(file.subarray(0, cut));
        assert.equal(end, whole);
        assert.deepEqual(plain(read), plain(records.slice(0, count)));
      }),
    );
  });

  it('end where a byte is not what was written', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (records, at, flip) => {
          const file = Buffer.concat([MAGIC, ...records.map(encodeRecord)]);
          const index = MAGIC.length + (at % (file.length - MAGIC.length));
          file.writeUInt8(file.readUInt8(index) ^ flip, index);
          const read = plain(decodeRecords(file).records);
          assert.deepEqual(read, plain(records).slice(0, read.length));
          assert.ok(read.length < records.length);
        },
      ),
    );
  });

  it('of another version are none', () => {
    const file = Buffer.from('drydock terminal 9\nsomething else');
    assert.deepEqual(decodeRecords(file), { records: [], end: 0 });
  });
});
