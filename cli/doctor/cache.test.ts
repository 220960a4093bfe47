import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Artefacts } from '../../sandbox-server/images/artefacts.ts';
import { bytesStillNeeded, judgeCache, listStored, type Stored } from './cache.ts';

const GIB = 1024 ** 3;
const IMAGE = { kind: 'images', key: 'debian-1' } as const;
const BASE = { kind: 'templates', key: 'debian-base-1' } as const;
const complete = (one: Pick<Stored, 'kind' | 'key'>): Stored => ({ ...one, bytes: 2 * GIB, state: 'complete' });
const cache = '/c';

test('what a start uses and finds is current', () => {
  const inventory = { cache, stored: [complete(IMAGE), complete(BASE)], wanted: [IMAGE, BASE], templatesKnown: true };
  assert.deepEqual(judgeCache(inventory), [
    { level: 'good', subject: 'image', text: 'debian-1: 2.0 GiB, current' },
    { level: 'good', subject: 'template', text: 'debian-base-1: 2.0 GiB, current' },
  ]);
  assert.equal(bytesStillNeeded(inventory), 0);
});

test('what a start has to make is said, and counts as space that is needed', () => {
  const damaged: Stored = { ...complete(BASE), state: 'damaged' };
  const inventory = { cache, stored: [damaged], wanted: [IMAGE, BASE], templatesKnown: true };
  const fix = '"npm start" makes it, once; its progress says how long that takes.';
  assert.deepEqual(judgeCache(inventory), [
    { level: 'note', subject: 'image', text: 'debian-1: not made yet.', fix },
    { level: 'note', subject: 'template', text: 'debian-base-1: damaged.', fix },
  ]);
  assert.equal(bytesStillNeeded(inventory), 3.6 * GIB);
  assert.equal(bytesStillNeeded({ ...inventory, stored: [complete(IMAGE)] }), 1.5 * GIB);
});

test('what this checkout no longer uses is listed with its size', () => {
  const half: Stored = { kind: 'templates', key: 'x.partial', bytes: GIB, state: 'half-made' };
  const stored = [complete(IMAGE), complete({ kind: 'images', key: 'debian-0' }), half];
  assert.deepEqual(judgeCache({ cache, stored, wanted: [IMAGE], templatesKnown: true })[1], {
    level: 'note',
    subject: 'unused',
    text: 'by this checkout as it is now: 1 image and 1 template, 3.0 GiB on disk:\n  images/debian-0 (2.0 GiB)\n  templates/x.partial (1.0 GiB, half-made)',
    fix: 'Another checkout may use them. If none does: "npm run clean -- --unused" deletes them, "npm run clean" everything in /c.',
  });
});

test('without QEMU nothing is said against a template', () => {
  const stored = [complete(IMAGE), complete(BASE)];
  assert.deepEqual(judgeCache({ cache, stored, wanted: [IMAGE], templatesKnown: false })[1], {
    level: 'note',
    subject: 'templates',
    text: '1 template, 2.0 GiB on disk. Which of them are current is known once QEMU, the image and every lab are in order.',
  });
});

test('sizes are what is on disk, not what holes pretend; an unfinished artefact is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-'));
  const artefacts = new Artefacts(folder);
  const make = async (path: string) => {
    writeFileSync(join(path, 'memory'), '');
    truncateSync(join(path, 'memory'), 10 * GIB);
  };
  await artefacts.ensure({ kind: 'templates', key: 'whole', make });
  mkdirSync(join(folder, 'templates/broken'));
  mkdirSync(join(folder, 'templates/half.partial'));
  const stored = await listStored(artefacts);
  assert.deepEqual(
    stored.map(({ key, state }) => `${key} ${state}`),
    ['broken damaged', 'half.partial half-made', 'whole complete'],
  );
  assert.ok(stored.every(({ bytes }) => bytes < 1024 ** 2));
});
