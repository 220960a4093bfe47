import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { lockFile } from '../lock-file.ts';
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

  it('makes again what was changed in a folder of it', async () => {
    const nested = async (folder: string) => {
      await mkdir(join(folder, 'host'));
      await make(join(folder, 'host'));
    };
    const disk = join(await ensure(cache, nested), 'host', 'disk');
    await ensure(cache, nested);
    assert.equal(made, 1);
    await chmod(disk, 0o644);
    await writeFile(disk, 'NUMBER 1');
    await ensure(cache, nested);
    assert.equal(made, 2);
  });

  it('notes when it was used, without becoming another one', async () => {
    const artefacts = new Artefacts(cache);
    const seal = join(await ensure(), 'complete.json');
    await utimes(seal, new Date(0), new Date(0));
    assert.equal((await artefacts.list('images'))[0]?.usedAt, 0);
    await ensure();
    assert.ok(((await artefacts.list('images'))[0]?.usedAt ?? 0) > Date.now() - 60_000);
    assert.equal(made, 1);
  });

  it('is removed at once, and not while it is being made', async () => {
    const artefacts = new Artefacts(cache);
    await ensure();
    {
      await using _maker = await lockFile(join(cache, 'images/k.lock'));
      assert.equal(await artefacts.remove('images', 'k'), false);
    }
    assert.equal(await artefacts.remove('images', 'k'), true);
    assert.deepEqual(await readdir(join(cache, 'images')), ['k.lock']);
  });
});
