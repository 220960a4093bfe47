import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Artefacts } from './artefacts.ts';

describe('artefacts', () => {
  let cache: string;
  let made: number;
  const make = async (folder: string) => {
    made += 1;
    await writeFile(join(folder, 'disk'), `number ${made}`);
  };
  const ensure = (cacheFolder = cache, maker = make) =>
    new Artefacts(cacheFolder).ensure({ kind: 'images', key: 'k', make: maker });

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'drydock-artefacts-'));
    made = 0;
  });
  afterEach(() => rm(cache, { recursive: true }));

  it('makes what is missing once', async () => {
    const folder = await ensure();
    assert.equal(await ensure(), folder);
    assert.equal(made, 1);
    assert.equal(await readFile(join(folder, 'disk'), 'utf8'), 'number 1');
  });

  it('makes one for two who want it at the same moment', async () => {
    const both = await Promise.all([ensure(), ensure()]);
    assert.equal(both[0], both[1]);
    assert.equal(made, 1);
  });

  it('leaves nothing that a later start trusts when making it fails', async () => {
    const failing = async (folder: string) => {
      await make(folder);
      throw new Error('the disk is full');
    };
    await assert.rejects(ensure(cache, failing), { message: 'the disk is full' });
    assert.deepEqual(await readdir(join(cache, 'images')), ['k.lock']);
    await ensure();
    assert.equal(made, 2);
  });

  it('makes again what another process left half made', async () => {
    const folder = await ensure();
    await rm(join(folder, 'complete.json'));
    await ensure();
    assert.equal(made, 2);
  });

  it('makes again what was changed', async () => {
    const disk = join(await ensure(), 'disk');
    await chmod(disk, 0o644);
    await writeFile(disk, 'NUMBER 1');
    await ensure();
    assert.equal(made, 2);
  });
});
