import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOsRelease, recognise } from './platform.mjs';

const BOOKWORM = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION_CODENAME=bookworm
ID=debian
`;

test('Debian 12 is recognised and supported', () => {
  assert.deepEqual(recognise(parseOsRelease(BOOKWORM)), {
    name: 'Debian GNU/Linux 12 (bookworm)',
    family: 'debian',
    codename: 'bookworm',
    supported: true,
  });
});

test('a relative of Ubuntu is accepted but marked as not tried', () => {
  const platform = recognise(parseOsRelease(`ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID='22'\n`));
  assert.equal(platform?.family, 'other');
  assert.equal(platform?.supported, false);
});

test('an older Debian is accepted but marked as not tried', () => {
  assert.equal(recognise({ ID: 'debian', VERSION_ID: '11' })?.supported, false);
});

test('a system without apt is not recognised', () => {
  assert.equal(recognise(parseOsRelease('ID=fedora\nVERSION_ID=42')), undefined);
  assert.equal(recognise(parseOsRelease('')), undefined);
});
