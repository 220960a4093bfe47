import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { identifyFiles } from './identify-files.ts';

const NAMES = ['memory', 'device-state'];
const WHOLE_SECOND = 1_700_000_000;

describe('identifyFiles', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dd-identify-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** As they come out of an archive: times have whole seconds. */
  const unpack = (name: string, content: string): string => {
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    for (const file of NAMES) {
      writeFileSync(join(folder, file), content);
      utimesSync(join(folder, file), WHOLE_SECOND, WHOLE_SECOND);
    }
    return folder;
  };
  const digest = async (folder: string, names = NAMES) => (await identifyFiles(folder, names)).digest;

  it('tells machines apart that were frozen in the same second and are of the same size', async () => {
    assert.notEqual(await digest(unpack('near', 'one')), await digest(unpack('far', 'two')));
  });

  it('tells what was made anew from what was there', async () => {
    const before = await digest(unpack('near', 'one'));
    rmSync(join(root, 'near'), { recursive: true });
    assert.notEqual(await digest(unpack('near', 'two')), before);
  });

  it('is the same however often it is asked, and when the folder gets its final name', async () => {
    const before = await digest(unpack('near.partial', 'one'));
    renameSync(join(root, 'near.partial'), join(root, 'near'));
    readFileSync(join(root, 'near', 'memory'));
    assert.equal(await digest(join(root, 'near')), before);
    assert.match(before, /^[0-9a-f]{32}$/);
  });

  it('is another one for other files of a folder', async () => {
    const folder = unpack('near', 'one');
    assert.notEqual(await digest(folder, ['memory']), await digest(folder));
  });

  it('says what they take on disk', async () => {
    writeFileSync(join(root, 'disk'), Buffer.alloc(1024 * 1024, 1));
    assert.ok((await identifyFiles(root, ['disk'])).diskBytes >= 1024 * 1024);
    await assert.rejects(identifyFiles(root, ['missing']), { code: 'ENOENT' });
  });
});
