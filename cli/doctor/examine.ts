import { join } from 'node:path';
import type { Lab } from '../../labs/format/lab.ts';
import { sandboxesOn } from '../../sandbox-server/config.ts';
import { MAX_OVERLAY_BYTES } from '../../sandbox-server/local-machines.ts';
import { listMachines } from '../../sandbox-server/machines/local/run-folder.ts';
import { hasQemu } from '../../sandbox-server/real-machines.ts';
import { findCacheUsers } from '../preflight/cache-users.mjs';
import { findProgram } from '../preflight/command.mjs';
import { BUILDING } from '../preflight/system/requirements.mjs';
import { isSiteBuilt } from '../site/build-site.ts';
import { bytesStillNeeded, judgeCache } from './cache.ts';
import { examineEngines } from './engine.ts';
import { examineJail, examineMachinery, findQemu } from './examine-machines.ts';
import { type Finding, good, lack, note, type Section } from './finding.ts';
import { judgeLabs, tryLabs } from './labs.ts';
import { judgeMemory, readMemory } from './memory.ts';
import { examinePackages, judgeQemu, judgeSubordinateIds, readSubordinateIds } from './packages.ts';
import { examinePort } from './port.ts';
import { findAbandonedSpares, judgeRunFolders } from './run-folders.ts';
import { judgeSettings } from './settings.ts';
import { judgeCacheSpace, judgeStateSpace, readSpace } from './space.ts';
import type { Surroundings } from './surroundings.ts';
import { judgeNode, judgePlatform } from './system.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Looks at everything and makes nothing; whether /dev/kvm works is remembered for the next start. What goes wrong in one section does not hide the others. */
export async function examine(around: Surroundings): Promise<Section[]> {
  const labs = tryLabs(join(PROJECT, 'labs'));
  const system = section('System', () => examineSystem(around));
  const server = section('Server', () => examineServer(around, judgeLabs(labs)));
  if (around.config.driver === 'fake') return Promise.all([system, section('Machines', () => [PRETENDED]), server]);
  if (await usesEngine(around)) {
    const packages = section('Packages', () => examinePackages(around.platform.codename, BUILDING));
    return Promise.all([system, packages, section('Machines', () => examineEngines(around)), server]);
  }
  const qemu = await findQemu();
  const machinery = examineMachinery(around, labs.labs, qemu);
  return Promise.all([
    system,
    section('Packages', () => examineAllPackages(around, qemu)),
    section('Machines', async () => [...(await jailFindings(around)), ...(await machinery).accelerator]),
    section('Room', async () => examineRoom(around, bytesStillNeeded((await machinery).inventory), labs.labs ?? [])),
    section('Images and templates', async () => judgeCache((await machinery).inventory)),
    server,
    section('Running', async () => judgeRunFolders(await findRunFolders(around))),
  ]);
}

export async function section(
  title: string,
  look: () => readonly Finding[] | Promise<readonly Finding[]>,
): Promise<Section> {
  try {
    return { title, findings: await look() };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const fix =
      'Where it names a file or folder, make that yours. Otherwise it is a fault of Drydock: please report it.';
    return { title, findings: [lack('unknown', `could not be looked at: ${message}`, fix)] };
  }
}

async function usesEngine({ config: { driver }, env }: Surroundings): Promise<boolean> {
  return driver === 'docker' || (driver === 'auto' && !(await hasQemu(env)));
}

const PRETENDED = note('machines', 'are pretended (DRIVER=fake), which needs nothing of the system.');

function examineSystem({ platform, paths }: Surroundings): Finding[] {
  const path = process.execPath;
  const node = judgeNode({ version: process.versions.node, path, own: path.startsWith(paths.cache) });
  return [judgePlatform(platform), node];
}

async function examineServer(around: Surroundings, labs: Finding): Promise<Finding[]> {
  const { config, configProblems, env, paths } = around;
  const settings = judgeSettings(configProblems, env);
  const port = await examinePort(config, findCacheUsers(paths.cache));
  return [...settings, port, judgeSite(isSiteBuilt(PROJECT)), labs];
}

export function judgeSite(built: boolean): Finding {
  if (built) return good('site', 'built from the files as they are');
  return note('site', 'not built from the files as they are.', '"npm start" builds it, in some seconds.');
}

async function examineAllPackages({ asRoot, user, platform }: Surroundings, qemu: string | undefined) {
  const ids = asRoot ? [] : [judgeSubordinateIds(user, readSubordinateIds())];
  return [...judgeQemu(qemu), ...(await examinePackages(platform.codename)), ...ids];
}

const JAIL_PROGRAMS = ['bwrap', 'setpriv', 'prlimit'];

async function jailFindings(around: Surroundings): Promise<Finding[]> {
  const missing = JAIL_PROGRAMS.filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return examineJail(around);
  // The lack itself is counted once, among the packages.
  return [note('jail', `not tried without ${missing.join(', ')}: see "Packages".`)];
}

function examineRoom({ config, env, paths }: Surroundings, neededBytes: number, labs: readonly Lab[]): Finding[] {
  const machinesEach = Math.max(1, ...labs.map(({ machines }) => machines.length));
  const maxSandboxes = sandboxesOn(config);
  const memory = { ...readMemory(), maxSandboxes, machinesEach, chosen: Boolean(env.MAX_SANDBOXES) };
  return [
    ...judgeMemory(memory),
    judgeCacheSpace(readSpace(paths.cache), neededBytes),
    judgeStateSpace(readSpace(paths.state), MAX_OVERLAY_BYTES),
  ];
}

async function findRunFolders({ paths }: Surroundings) {
  return { machines: await listMachines(paths.state), spare: findAbandonedSpares(paths.state) };
}
