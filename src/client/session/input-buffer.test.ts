import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { INPUT_BUFFER_BYTES } from '../../../protocol/limits.ts';
import { InputBuffer } from './input-buffer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('input is numbered from this page’s first byte', () => {
  const buffer = new InputBuffer();
  assert.equal(buffer.push(bytes('id\r'))?.offset, 0);
  assert.equal(buffer.push(bytes('ls\r'))?.offset, 3);
});

test('after a reconnect exactly the bytes that were not applied are sent again', () => {
  const buffer = new InputBuffer();
  buffer.push(bytes('docker ps'));
  buffer.applied(7);
  assert.deepEqual(buffer.pending(), { offset: 7, bytes: bytes('ps') });
  buffer.applied(9);
  assert.equal(buffer.pending(), null);
});

test('a late acknowledgement changes nothing', () => {
  const buffer = new InputBuffer();
  buffer.push(bytes('abcdef'));
  buffer.applied(4);
  buffer.applied(2);
  assert.deepEqual(buffer.pending(), { offset: 4, bytes: bytes('ef') });
});

test('typing beyond the limit is refused whole, and there is room again once input was applied', () => {
  const buffer = new InputBuffer();
  assert.ok(buffer.push(new Uint8Array(INPUT_BUFFER_BYTES)));
  assert.equal(buffer.push(bytes('x')), null);
  assert.equal(buffer.pendingBytes, INPUT_BUFFER_BYTES);
  buffer.applied(1);
  assert.equal(buffer.push(bytes('x'))?.offset, INPUT_BUFFER_BYTES);
});

test('an acknowledgement of what was never typed here is not believed', () => {
  const buffer = new InputBuffer();
  buffer.push(bytes('ab'));
  buffer.applied(50);
  assert.equal(buffer.pending(), null);
  assert.equal(buffer.push(bytes('c'))?.offset, 2);
});

test('whatever the order of typing and acknowledging, applied and pending together are what was typed', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat(20))), (actions) => {
      const buffer = new InputBuffer();
      let typed = '';
      let applied = 0;
      for (const action of actions) {
        if (typeof action === 'string') {
          const ascii = action.replace(/[^ -~]/g, '.');
          buffer.push(bytes(ascii));
          typed += ascii;
        } else {
          applied = Math.min(typed.length, applied + action);
          buffer.applied(applied);
        }
      }
      const pending = buffer.pending();
      assert.equal(new TextDecoder().decode(pending?.bytes ?? new Uint8Array()), typed.slice(applied));
      assert.equal(pending?.offset ?? applied, applied);
    }),
  );
});
