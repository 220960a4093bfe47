import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUpToDate } from './dependencies.mjs';

const wanted = {
  packages: {
    '': {},
    'node_modules/astro': { version: '7.3.5', integrity: 'sha512-a' },
    'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-f', optional: true },
  },
};

test('what npm wrote down after installing counts', () => {
  const installed = { packages: { 'node_modules/astro': { version: '7.3.5', integrity: 'sha512-a' } } };
  assert.equal(isUpToDate(wanted, installed), true);
});

test('nothing installed, an interrupted installation and another version are out of date', () => {
  assert.equal(isUpToDate(wanted, undefined), false);
  assert.equal(isUpToDate(wanted, { packages: {} }), false);
  const older = { packages: { 'node_modules/astro': { version: '7.3.4', integrity: 'sha512-o' } } };
  assert.equal(isUpToDate(wanted, older), false);
});

test('the same version with other contents is out of date', () => {
  const tampered = { packages: { 'node_modules/astro': { version: '7.3.5', integrity: 'sha512-b' } } };
  assert.equal(isUpToDate(wanted, tampered), false);
});
