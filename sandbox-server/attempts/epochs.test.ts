import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Epochs } from './epochs.ts';

/** A disk, and servers that come and go on it. */
function bench() {
  const disk = { reserved: 0, isFull: false };
  const reserve = (upTo: number) => {
    if (disk.isFull) throw new Error('disk is full');
    disk.reserved = upTo;
  };
  return { disk, serve: () => new Epochs({ last: disk.reserved, reserved: disk.reserved, reserve }) };
}

describe('epochs', () => {
  it('are given out once, however many servers are killed and whenever the disk is full', () => {
    const { disk, serve } = bench();
    const given: number[] = [];
    for (let server = 0; server < 5; server += 1) {
      const epochs = serve();
      given.push(epochs.take(), epochs.take());
      disk.isFull = true;
      for (let left = 14; left > 0; left -= 1) given.push(epochs.take());
      assert.throws(() => epochs.take(), /disk is full/);
      disk.isFull = false;
      given.push(epochs.take());
    }
    assert.equal(new Set(given).size, given.length);
  });

  it('go on from the sandbox that an earlier server left, with those that were not used', () => {
    const { disk, serve } = bench();
    const first = serve();
    const left = first.take();
    const second = serve();
    second.goOnFrom(left);
    disk.isFull = true;
    assert.deepEqual([second.last, second.take()], [left, left + 1]);
  });

  it('begin again after the largest that a frame can carry', () => {
    const epochs = new Epochs({ last: 65_534, reserved: 65_534, reserve: () => {} });
    assert.deepEqual([epochs.take(), epochs.take(), epochs.take()], [65_535, 0, 1]);
  });
});
