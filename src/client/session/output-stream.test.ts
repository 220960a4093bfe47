import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ACK_EVERY_BYTES } from '../../../protocol/limits.ts';
import { OutputStream } from './output-stream.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

test('consecutive chunks pass as they are', () => {
  const stream = new OutputStream(10);
  assert.equal(text(stream.accept(10, bytes('abc'))?.bytes), 'abc');
  assert.equal(stream.next, 13);
});

test('a repeated chunk is dropped and an overlapping one is cut', () => {
  const stream = new OutputStream(0);
  stream.accept(0, bytes('abcd'));
  assert.equal(stream.accept(0, bytes('abcd')), null);
  assert.equal(text(stream.accept(2, bytes('cdef'))?.bytes), 'ef');
  assert.equal(stream.next, 6);
});

test('a chunk with a gap before it is not shown as if it followed', () => {
  const stream = new OutputStream(0);
  assert.equal(stream.accept(5, bytes('x')), null);
  assert.equal(stream.next, 0);
});

test('parsed output is acknowledged in portions, and the rest when the parser is idle', () => {
  const stream = new OutputStream(0);
  stream.accept(0, new Uint8Array(ACK_EVERY_BYTES + 10));
  assert.equal(stream.parsed(100), null);
  assert.equal(stream.parsed(ACK_EVERY_BYTES), ACK_EVERY_BYTES);
  assert.equal(stream.parsed(ACK_EVERY_BYTES + 5), null);
  assert.equal(stream.parsed(ACK_EVERY_BYTES + 10), ACK_EVERY_BYTES + 10);
  assert.equal(stream.parsed(ACK_EVERY_BYTES + 10), null);
});

test('however a stream is cut, repeated and overlapped, every byte passes once and in order', () => {
  const cuts = fc.array(fc.tuple(fc.nat(60), fc.nat(30)), { maxLength: 40 });
  fc.assert(
    fc.property(cuts, (chunks) => {
      const whole = Uint8Array.from({ length: 90 }, (_, index) => index);
      const stream = new OutputStream(0);
      const passed: number[] = [];
      for (const [from, length] of chunks) {
        passed.push(...(stream.accept(from, whole.subarray(from, from + length))?.bytes ?? []));
      }
      assert.deepEqual(passed, [...whole.subarray(0, stream.next)]);
    }),
  );
});
