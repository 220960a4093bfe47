import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { driverProblem } from './driver-problem.ts';

it('a driver says which program or folder went away under it', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-driver-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const emptyOverlay = join(folder, 'empty.qcow2');
  await writeFile(emptyOverlay, '');
  for (const program of ['qemu-system-x86_64', 'bwrap']) await writeFile(join(folder, program), '', { mode: 0o755 });
  const before = process.env.PATH;
  context.after(() => {
    process.env.PATH = before;
  });
  process.env.PATH = folder;
  const look = (maxOverlayBytes = 0) => driverProblem({ runFolders: { path: folder }, emptyOverlay, maxOverlayBytes });
  assert.equal(await look(), undefined);
  assert.match((await look(2 ** 60)) ?? '', /^Only \d+ MiB are free .* below 1099511627776 MiB nobody gets a new one/);
  await rm(emptyOverlay);
  assert.match((await look()) ?? '', /^The folder of running machines is gone/);
  await rm(join(folder, 'bwrap'));
  assert.equal(await look(), 'bwrap is not installed any more. Run npm run doctor.');
});
