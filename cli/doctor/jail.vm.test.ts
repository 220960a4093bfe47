import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { enterJail } from './jail.ts';

const asRoot = process.getuid?.() === 0;

test('where machines run, doctor gets into the jail too', async () => {
  assert.equal(await enterJail(asRoot), null);
  assert.equal(await enterJail(asRoot, '/usr'), null);
});

test('a folder that cannot be mounted is named', async () => {
  assert.match((await enterJail(asRoot, '/nowhere/at/all')) ?? '', /\/nowhere\/at\/all/);
});

test('as root, what others may not enter is out of reach', {
  skip: !asRoot && 'a user reaches what is theirs',
}, async () => {
  const closed = mkdtempSync(join(tmpdir(), 'drydock-'));
  mkdirSync(join(closed, 'inner'));
  assert.match((await enterJail(true, join(closed, 'inner'))) ?? '', /Permission denied/);
  chmodSync(closed, 0o711);
  assert.equal(await enterJail(true, join(closed, 'inner')), null);
});
