import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { RUNNER_FOLDER } from '../sandbox-server/docker-machines.ts';
import { Artefacts } from '../sandbox-server/images/artefacts.ts';
import { ensureRunner } from '../sandbox-server/images/build-runner.ts';
import { ensureImage } from '../sandbox-server/images/templates.ts';
import { Interruption } from '../sandbox-server/interruption.ts';
import { AGENT_FOLDER, IMAGES_FOLDER } from '../sandbox-server/local-machines.ts';
import { runnerImage } from '../sandbox-server/machines/docker/bring-runner.ts';
import { resolvePaths } from '../sandbox-server/paths.ts';
import { type Base, ensureBase } from './deploy/base.ts';
import { contextArguments } from './deploy/context.ts';
import { docker, has, tar } from './deploy/docker.ts';
import { Stop } from './preflight/stop.mjs';
import type { Progress } from './progress/progress.mjs';
import { PreparationSteps } from './serve/preparation-steps.ts';
import { buildSite } from './site/build-site.ts';

const PROJECT = join(import.meta.dirname, '..');
const BASE = 'drydock/base';
const IMAGE = 'drydock/drydock';
/** As deploy/compose.yaml names it. */
const CACHE_VOLUME = 'drydock-cache';
const CACHE = '/var/cache/drydock';

/**
 * `npm run deploy`: makes the image of Drydock's own container, brings the one that machines run in to the engine, and
 * what machines are made of into the volume of its cache. All are made here, because the container has no rights to make them.
 */
export async function run(args: readonly string[], progress: Progress): Promise<number> {
  if (args.length > 0) throw new Stop({ what: `deploy does not know "${args.join(' ')}".`, fix: 'It takes nothing.' });
  const paths = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const artefacts = new Artefacts(paths.cache);
  progress.expect(5);
  await progress.step({ id: 'site', title: 'Building the site', expectedSeconds: 15 }, (report) =>
    buildSite({ project: PROJECT, report }),
  );
  const { folders, runner } = await makeImages(artefacts, paths.cache, progress);
  const base = await progress.step({ title: 'Making the base image', expectedSeconds: 40 }, (report) =>
    ensureBase(artefacts, process.execPath, report),
  );
  await progress.step({ title: 'Building the image', expectedSeconds: 40 }, () => buildDrydock(base, runner.image));
  await progress.step({ title: 'Bringing the image of machines', expectedSeconds: 10 }, () =>
    importOnce(runner.archive, runner.image),
  );
  await progress.step({ title: 'Filling the cache', expectedSeconds: 30 }, () => fillCache(folders));
  console.log(`The image ${IMAGE} and the volume ${CACHE_VOLUME} are ready. docs/deploying.md says how to start them.`);
  console.log(`Machines run in ${runner.image}: that is GATE_RUNNER of a gate that is started by hand.`);
  return 0;
}

/** Their folders in this host's cache, and what machines run in. */
async function makeImages(artefacts: Artefacts, cache: string, progress: Progress) {
  using interruption = new Interruption();
  const { signal } = interruption;
  const steps = new PreparationSteps(progress, cache);
  return steps.during(async () => {
    const { onPrepare } = steps;
    const options = { ...{ artefacts, imagesFolder: IMAGES_FOLDER, agentFolder: AGENT_FOLDER, onPrepare }, signal };
    const { key, archive } = await ensureRunner({ ...options, programsFolder: RUNNER_FOLDER });
    const folders = [dirname(archive)];
    for (const name of readdirSync(IMAGES_FOLDER)) {
      folders.push((await ensureImage({ ...options, checkpointBytes: 0 }, name)).image.folder);
    }
    return { folders, runner: { image: runnerImage(key), archive } };
  }, signal);
}

/** The gate is told there which image it may make containers of. */
async function buildDrydock({ key, archive }: Base, runner: string): Promise<void> {
  const base = `${BASE}:${key.replace(/^base-/, '')}`;
  await importOnce(archive, base);
  const context = tar(contextArguments(PROJECT));
  const told = ['--build-arg', `BASE=${base}`, '--build-arg', `RUNNER=${runner}`];
  await docker(['build', ...told, '--file', 'deploy/Dockerfile', '--tag', IMAGE, '-'], context);
}

/** Without a registry. The server itself cannot: a gate lets no image through. */
async function importOnce(archive: string, image: string): Promise<void> {
  if (!(await has('image', image))) await docker(['import', archive, image]);
}

/** As the container's own user; with the times of files to the nanosecond, by which a complete artefact is known. */
async function fillCache(folders: readonly string[]): Promise<void> {
  if (!(await has('volume', CACHE_VOLUME))) await docker(['volume', 'create', CACHE_VOLUME]);
  const run = ['run', '--rm', '--interactive', '--network', 'none', '--cap-drop', 'ALL'];
  const inContainer = [...run, '--volume', `${CACHE_VOLUME}:${CACHE}`, '--entrypoint', 'tar', IMAGE];
  for (const folder of folders) {
    const name = `images/${basename(folder)}`;
    const archive = tar(['--format=posix', '--sparse', '--directory', dirname(dirname(folder)), '--file', '-', name]);
    await docker([...inContainer, '--extract', '--directory', CACHE, '--skip-old-files', '--file', '-'], archive);
  }
}
