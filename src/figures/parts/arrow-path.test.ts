import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrowPath } from './arrow-path.ts';

test('an arrow that gets there ends in a head that points where it went', () => {
  assert.equal(arrowPath('0 0, 10 0, 10 40', false), 'M0 0L10 0L10 40M13 33.7L10 40L7 33.7');
});

test('one that stops ends in a cross', () => {
  assert.equal(arrowPath('0 0, 40 0', true), 'M0 0L40 0M35 -5l10 10m0 -10l-10 10');
});

test('what is no way from one point to another is refused', () => {
  assert.throws(() => arrowPath('0 0', false), /an arrow leads from one point to another, and "0 0" is one/);
  assert.throws(() => arrowPath('0 0, x 4', false), /a point is two numbers, and "x 4" is not/);
});
