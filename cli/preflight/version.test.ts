import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canRunPreflight } from './usable-node.mjs';
import { findVersion, isAtLeast } from './version.mjs';

test('a version is found in what a program says about itself', () => {
  assert.equal(findVersion('QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)'), '10.0.2');
  assert.equal(findVersion('1:8.2.2+ds-0ubuntu1'), '8.2.2');
  assert.equal(findVersion('no number here'), undefined);
});

test('versions compare by number, not by letter', () => {
  assert.equal(isAtLeast('10.0.2', '8.2'), true);
  assert.equal(isAtLeast('8.2', '8.2.0'), true);
  assert.equal(isAtLeast('8.1.9', '8.2'), false);
  assert.equal(isAtLeast('7.2.15', '8.2'), false);
});

test('Node 14.18 and newer can run the preflight', () => {
  assert.equal(canRunPreflight('12.22.12'), false);
  assert.equal(canRunPreflight('14.17.0'), false);
  assert.equal(canRunPreflight('14.18.0'), true);
  assert.equal(canRunPreflight('24.21.0'), true);
});
