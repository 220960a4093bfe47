import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { diskUseBytes, formatBytes } from './disk-use.ts';

test('disk use counts what is on disk, through folders', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-'));
  const empty = await diskUseBytes(folder);
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'a', 'file'), Buffer.alloc(1024 * 1024, 1));
  assert.ok((await diskUseBytes(folder)) - empty >= 1024 * 1024);
  assert.equal(await diskUseBytes(join(folder, 'missing')), 0);
});

test('sizes are written for people', () => {
  assert.deepEqual([0, 1536, 3 * 1024 ** 2, 1.5 * 1024 ** 3].map(formatBytes), ['0 B', '2 KiB', '3.0 MiB', '1.5 GiB']);
});
