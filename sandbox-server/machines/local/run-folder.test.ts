import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { RunFolders } from './run-folder.ts';

const stateFolder = mkdtempSync(join(tmpdir(), 'dd-run-'));
after(() => rmSync(stateFolder, { recursive: true }));

/** Only root can give files away; what is tested holds for the others, too. */
const asRoot = process.getuid?.() === 0;

describe('the run folders of a process', () => {
  it('are gone when they are disposed, and twice is harmless', async () => {
    await using folders = await RunFolders.open({ stateFolder, asRoot });
    const folder = await folders.make('one');
    assert.equal(existsSync(folder.path), true);
    await folder[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    assert.equal(existsSync(folder.path), false);
  });

  it('belong to host users of their own; with none left it says so, and a failure keeps none', {
    skip: !asRoot,
  }, async () => {
    await using folders = await RunFolders.open({ stateFolder, asRoot });
    const first = await folders.make('m');
    for (let count = 0; count < 1100; count += 1) await assert.rejects(folders.make('m'), /EEXIST/);
    const others = await Promise.all(Array.from({ length: 1023 }, (_, index) => folders.make(`m${index}`)));
    assert.equal(new Set([first, ...others].map(({ uid }) => uid)).size, 1024);
    await assert.rejects(folders.make('one-more'), { message: 'All 1024 host users for machines are in use.' });
    await first[Symbol.asyncDispose]();
    assert.equal((await folders.make('one-more')).uid, first.uid);
  });
});
