import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadLabs } from '../../labs/format/load-labs.ts';
import { wantedArtefacts, wantedImage } from './wanted-artefacts.ts';

const labs = [...loadLabs(join(import.meta.dirname, '../../labs')).values()];

test('everything a start uses is named, and nothing is made', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'drydock-'));
  const wanted = await wantedArtefacts(cache, labs, 'QEMU 10');
  assert.deepEqual(wanted[0], await wantedImage(cache));
  const images = new Set(labs.map(({ image }) => image)).size;
  assert.equal(wanted.filter(({ kind }) => kind === 'images').length, images);
  // The machines of one lab lie in one template.
  assert.equal(wanted.filter(({ kind }) => kind === 'templates').length, images + labs.length);
  assert.deepEqual(readdirSync(cache), []);
});

test('another QEMU wants the same image and other templates', async () => {
  const keys = async (identity: string) => (await wantedArtefacts('/c', labs, identity)).map(({ key }) => key);
  const [before, after] = [await keys('QEMU 10'), await keys('QEMU 11')];
  assert.equal(before[0], after[0]);
  assert.ok(before.slice(1).every((key) => !after.includes(key)));
});
