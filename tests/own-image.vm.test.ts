import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LABS_FOLDER } from '../cli/lab/find-lab.ts';
import { makeLab } from '../cli/lab/new.ts';
import { Tryout } from '../cli/lab/tryout.ts';
import { loadLab } from '../labs/format/load-lab.ts';
import { readConfig } from '../sandbox-server/config.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';

/** Builds and boots another image, which takes minutes: asked for with OWN_IMAGE=1. */
const skip = process.env.OWN_IMAGE ? false : 'it builds another image: OWN_IMAGE=1 asks for it';

const IMAGE = 'from: debian-docker\npackages: [tree]\n';

test('a lab may have a machine image of its own, with packages, files and something prepared', {
  skip,
}, async (context) => {
  const labs = mkdtempSync(join(tmpdir(), 'labs-'));
  context.after(() => rmSync(labs, { recursive: true }));
  for (const folder of ['kit', 'images']) cpSync(join(LABS_FOLDER, folder), join(labs, folder), { recursive: true });
  const own = join(labs, 'images/own');
  mkdirSync(join(own, 'files/opt'), { recursive: true });
  writeFileSync(join(own, 'image.yaml'), IMAGE);
  writeFileSync(join(own, 'files/opt/motto'), 'of its own\n');
  writeFileSync(join(own, 'prepare.sh'), 'tree /opt > /opt/prepared\n');
  makeLab(['own-image'], { labsFolder: labs, say: () => {} });
  const file = join(labs, 'own-image/lab.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('image: debian-docker', 'image: own'));

  const { signal } = new AbortController();
  const started = performance.now();
  const told = (what: string) =>
    context.diagnostic(`${what} after ${Math.round((performance.now() - started) / 1000)} s`);
  const onPrepare = (stage: string, name: string) => {
    told(`${stage} ${name} begins`);
    return { report: () => {}, end: () => told(`${stage} ${name} ends`) };
  };
  const config = readConfig(process.env);
  const imagesFolder = join(labs, 'images');
  await using engine = await openLocalMachines({ env: process.env, config, imagesFolder, onPrepare, signal });
  await using tryout = await Tryout.start(loadLab(join(labs, 'own-image')), engine, { signal });
  const script = 'tree --version && cat /opt/motto /opt/prepared && docker ps --quiet && ls /srv/key.txt';
  const { status, stdout } = await tryout.run('host', { script, timeoutMs: 60_000 });
  assert.match(stdout, /^tree v[\s\S]*of its own\n\/opt\n[\s\S]*motto[\s\S]*\/srv\/key\.txt\n$/);
  assert.equal(status, 0);
});
