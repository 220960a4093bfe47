import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ACK_EVERY_BYTES } from '../../../protocol/limits.ts';
import { OutputStream } from './output-stream.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

function streamAt(offset: number): OutputStream {
  const stream = new OutputStream();
  stream.beginAnew({ offset, size: 0, bytes: 0 });
  return stream;
}

test('consecutive chunks pass as they are', () => {
  const stream = streamAt(10);
  assert.equal(text(stream.accept(10, bytes('abc'))?.bytes), 'abc');
  assert.equal(stream.place?.offset, 13);
});

test('a repeated chunk is dropped and an overlapping one is cut', () => {
  const stream = streamAt(0);
  stream.accept(0, bytes('abcd'));
  assert.equal(stream.accept(0, bytes('abcd')), null);
  assert.equal(text(stream.accept(2, bytes('cdef'))?.bytes), 'ef');
  assert.equal(stream.place?.offset, 6);
});

test('a chunk with a gap before it is not shown as if it followed', () => {
  const stream = streamAt(0);
  assert.equal(stream.accept(5, bytes('x')), null);
  assert.equal(stream.place?.offset, 0);
});

test('parsed output is acknowledged in portions, and the rest when the parser is idle', () => {
  const stream = streamAt(0);
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
      const stream = streamAt(0);
      const passed: number[] = [];
      for (const [from, length] of chunks) {
        passed.push(...(stream.accept(from, whole.subarray(from, from + length))?.bytes ?? []));
      }
      assert.deepEqual(passed, [...whole.subarray(0, stream.place?.offset ?? 0)]);
    }),
  );
});

test('half a snapshot is nothing: the page asks for all of it again, and takes no output before', () => {
  const stream = new OutputStream();
  assert.equal(stream.place, null);
  stream.beginAnew({ offset: 500, size: 3, bytes: 4 });
  assert.equal(stream.acceptScreen(bytes('ab')), true);
  assert.equal(stream.place, null);
  assert.equal(stream.accept(500, bytes('x')), null);
  assert.equal(stream.acceptScreen(bytes('cde')), false);
  assert.equal(stream.acceptScreen(bytes('cd')), true);
  assert.deepEqual(stream.place, { offset: 500, size: 3 });
  assert.equal(text(stream.accept(500, bytes('x'))?.bytes), 'x');
});

test('a size is taken once', () => {
  const stream = streamAt(0);
  assert.equal(stream.acceptSize(1), true);
  assert.equal(stream.acceptSize(1), false);
  assert.deepEqual(stream.place, { offset: 0, size: 1 });
});
