import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Artefacts } from '../../sandbox-server/images/artefacts.ts';
import { lockFile } from '../../sandbox-server/lock-file.ts';
import { collectUnused } from './collect-unused.ts';

const DAY_MS = 24 * 60 * 60_000;

test('what nothing wants goes: not what is wanted, was used of late, or is being made', async (context) => {
  const cache = await mkdtemp(join(tmpdir(), 'drydock-'));
  context.after(() => rm(cache, { recursive: true }));
  const artefacts = new Artefacts(cache);
  for (const key of ['wanted', 'old', 'recent', 'busy']) {
    const folder = await artefacts.ensure({
      ...{ kind: 'templates', key },
      make: async (path) => {
        await mkdir(join(path, 'host'));
        await writeFile(join(path, 'host', 'memory'), Buffer.alloc(64 * 1024, 1));
      },
    });
    const used = new Date(Date.now() - (key === 'recent' ? 0 : 2 * DAY_MS));
    await utimes(join(folder, 'complete.json'), used, used);
  }
  await mkdir(join(cache, 'images/killed.partial'), { recursive: true });
  await using _maker = await lockFile(join(cache, 'templates/busy.lock'));
  const wanted = [{ kind: 'templates', key: 'wanted' }] as const;
  const first = await collectUnused({ artefacts, wanted, unusedForMs: DAY_MS });
  assert.equal(first.count, 1);
  assert.ok(first.bytes >= 64 * 1024);
  const second = await collectUnused({ artefacts, wanted, unusedForMs: 0 });
  assert.equal(second.count, 2);
  const left = (await readdir(join(cache, 'templates'), { withFileTypes: true })).filter((one) => one.isDirectory());
  assert.deepEqual(left.map(({ name }) => name).sort(), ['busy', 'wanted']);
  assert.ok(await artefacts.has('templates', 'wanted'));
});
