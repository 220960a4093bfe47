import { mkdir, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { tryToClaimState } from '../sandbox-server/attempts/state-claim.ts';
import { ownerOf } from '../sandbox-server/docker-machines.ts';
import { Artefacts } from '../sandbox-server/images/artefacts.ts';
import { connectEngine } from '../sandbox-server/machines/docker/engine/connect-engine.ts';
import { type FoundEngine, findEngines } from '../sandbox-server/machines/docker/engine/find-engine.ts';
import { endContainers, sweepVolumes } from '../sandbox-server/machines/docker/find-containers.ts';
import { endMachines } from '../sandbox-server/machines/local/run-folder.ts';
import { resolvePaths } from '../sandbox-server/paths.ts';
import { hasQemu } from '../sandbox-server/real-machines.ts';
import { collectUnused } from './cache/collect-unused.ts';
import { diskUseBytes, formatBytes } from './cache/disk-use.ts';
import { examineMachinery, findQemu } from './doctor/examine-machines.ts';
import { tryLabs } from './doctor/labs.ts';
import { lookAround } from './doctor/surroundings.ts';
import { LABS_FOLDER } from './lab/find-lab.ts';
import { findCacheUsers } from './preflight/cache-users.mjs';
import { Stop } from './preflight/stop.mjs';

/** Kept unless `--all` is given: small or slow to fetch, and of no danger to anything. */
const KEPT = ['tools', 'durations.json', 'in-use'];
const FLAGS = ['--all', '--unused', '--machines', '--force'];

/**
 * `npm run clean [-- --all | --unused | --machines] [-- --force]`: removes what `npm start` built outside the checkout, or
 * ends the machines that servers left.
 */
export async function run(args: readonly string[]): Promise<number> {
  const unknown = args.filter((arg) => !FLAGS.includes(arg));
  if (unknown.length > 0) {
    throw new Stop({
      what: `clean does not know "${unknown.join(' ')}".`,
      fix: 'It knows --all (Node and the browser of its own as well), --unused (only what this checkout no longer uses), --machines (ends machines that servers left, and removes nothing) and --force (although something is running).',
    });
  }
  const { cache, state } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const isMachines = args.includes('--machines');
  if (!args.includes('--force')) refuseWhileInUse(cache, isMachines ? MACHINES_IN_USE : FILES_IN_USE);
  if (isMachines) return endLeftMachines(state);
  if (args.includes('--unused')) return cleanUnused(cache);
  const freed = await clean(cache, { all: args.includes('--all') });
  console.log(`Freed ${formatBytes(freed)} in ${cache}. The next start builds the images and templates again.`);
  return 0;
}

/** Of a server that was stopped with ON_STOP=keep, or killed, and has no successor. */
export async function endLeftMachines(state: string, env = process.env): Promise<number> {
  await mkdir(state, { recursive: true, mode: 0o711 });
  await using claim = await tryToClaimState(state);
  if (claim === null) {
    throw new Stop({
      what: `A server has the machines of ${state}.`,
      fix: 'Stop it: Ctrl-C ends them with it. With ON_STOP=keep run this command after SIGTERM.',
    });
  }
  const count = (await endMachines({ stateFolder: state })) + (await endContainersOf(state, env));
  console.log(`Ended ${count === 1 ? '1 machine' : `${count} machines`} of ${state}.`);
  return 0;
}

/** On the engines, where machines run on one. */
async function endContainersOf(state: string, env: NodeJS.ProcessEnv): Promise<number> {
  const { driver } = lookAround(env).config;
  if (driver !== 'docker' && (driver !== 'auto' || (await hasQemu(env)))) return 0;
  const owner = await ownerOf(state);
  const endOn = async (found: FoundEngine) => {
    const owned = { engine: await connectEngine(found), owner };
    const count = await endContainers(owned);
    // No server has this folder, so their cables are nobody's, however young.
    await sweepVolumes(owned, Number.POSITIVE_INFINITY);
    return count;
  };
  const ended = await Promise.allSettled((await findEngines(env)).map(endOn));
  const failures = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  // The others' have been ended all the same.
  if (failures.length > 0) throw failures[0];
  return ended.reduce((sum, end) => sum + (end.status === 'fulfilled' ? end.value : 0), 0);
}

/** Also what another checkout may want: it makes it again. */
async function cleanUnused(cache: string): Promise<number> {
  const { labs } = tryLabs(LABS_FOLDER);
  const { inventory } = await examineMachinery(lookAround(process.env), labs, await findQemu());
  if (!inventory.templatesKnown) {
    throw new Stop({
      what: 'It cannot be told which templates are still used.',
      why: 'That depends on QEMU, the image and every lab, and one of them is not in order.',
      fix: 'npm run doctor says which. "npm run clean" removes everything.',
    });
  }
  const { wanted } = inventory;
  const { count, bytes } = await collectUnused({ artefacts: new Artefacts(cache), wanted, unusedForMs: 0 });
  console.log(
    `Freed ${formatBytes(bytes)} in ${cache}: ${count} images and templates that this checkout does not use.`,
  );
  return 0;
}

interface InUse {
  readonly what: string;
  readonly fix: string;
}

const FILES_IN_USE: InUse = {
  what: 'The images and templates are in use by',
  fix: 'End it first. With "npm run clean -- --force" they are removed all the same, and its machines will break.',
};
/** `lab play` and the like have machines in the same folder as a server. */
const MACHINES_IN_USE: InUse = {
  what: 'Some machines may belong to',
  fix: 'End it first. With "npm run clean -- --machines --force" its machines are ended all the same.',
};

function refuseWhileInUse(cache: string, { what, fix }: InUse): void {
  const users = findCacheUsers(cache).filter(({ pid }) => pid !== process.pid);
  if (users.length === 0) return;
  const list = users.map(({ pid, command }) => `"${command}" (process ${pid})`).join(', ');
  throw new Stop({
    what: `${what} ${list}.`,
    fix,
  });
}

/** Resolves to the bytes freed. */
export async function clean(cache: string, { all }: { all: boolean }): Promise<number> {
  const names = await readdir(cache).catch(() => []);
  let freed = 0;
  for (const name of names.filter((name) => all || !KEPT.includes(name))) {
    const path = join(cache, name);
    const bytes = await diskUseBytes(path);
    await rm(path, { recursive: true, force: true });
    freed += bytes;
  }
  return freed;
}
