import assert from 'node:assert/strict';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashFiles } from './hash-files.ts';

const MIB = 1024 * 1024;

test('one byte, wherever it is, and the size make another hash; holes and written zeros are the same', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'drydock-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file');
  const hash = async () => (await hashFiles([path]))[path];
  await writeFile(path, 'x');
  await truncate(path, 5 * MIB + 7);
  const before = await hash();
  for (const offset of [1, 2 * MIB, 5 * MIB + 6]) {
    await using file = await open(path, 'r+');
    await file.write('y', offset);
    assert.notEqual(await hash(), before, `a byte at ${offset}`);
    await file.write('\0', offset);
    assert.equal(await hash(), before);
  }
  await truncate(path, 5 * MIB + 8);
  assert.notEqual(await hash(), before);
});
