import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { clean } from './clean.ts';

function filledCache() {
  const cache = mkdtempSync(join(tmpdir(), 'drydock-'));
  for (const folder of ['images/a', 'templates/b', 'tools/node']) {
    mkdirSync(join(cache, folder), { recursive: true });
    writeFileSync(join(cache, folder, 'file'), Buffer.alloc(64 * 1024, 1));
  }
  return cache;
}

test('clean removes images and templates, says how much that was, and keeps the tools', async () => {
  const cache = filledCache();
  const freed = await clean(cache, { all: false });
  assert.ok(freed >= 2 * 64 * 1024);
  assert.deepEqual([existsSync(join(cache, 'images')), existsSync(join(cache, 'tools'))], [false, true]);
});

test('clean --all removes the tools as well', async () => {
  const cache = filledCache();
  await clean(cache, { all: true });
  assert.equal(existsSync(join(cache, 'tools')), false);
});

test('there may be nothing to clean', async () => {
  assert.equal(await clean('/nonexistent/drydock', { all: true }), 0);
});
