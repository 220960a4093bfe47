import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure } from './explain-failure.mjs';
import { runNpm } from './npm.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Whether what is installed is what the lockfile asks for. npm writes down what it installed as the last thing it
 * does, in the folder that `npm ci` begins by deleting: an interrupted installation has no such record.
 *
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile | undefined} installed node_modules/.package-lock.json
 */
export function isUpToDate(wanted, installed) {
  if (installed === undefined) return false;
  const have = installed.packages || {};
  return Object.entries(wanted.packages || {}).every(([path, wish]) => {
    if (path === '') return true;
    const found = have[path];
    // An optional package is for another system.
    if (found === undefined) return wish.optional === true || wish.devOptional === true;
    return found.version === wish.version && found.integrity === wish.integrity;
  });
}

/** @param {string} project folder of package.json */
export function areDependenciesInstalled(project) {
  const wanted = readLockfile(join(project, 'package-lock.json'));
  return wanted !== undefined && isUpToDate(wanted, readLockfile(join(project, 'node_modules/.package-lock.json')));
}

/** @param {string} path @returns {Lockfile | undefined} */
function readLockfile(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} project
 * @param {(detail: string) => void} report
 */
export async function installDependencies(project, report) {
  const { status, output } = await runNpm(['ci', '--include=dev'], { cwd: project, onLine: report });
  if (status !== 0) throw explainFailure('npm ci did not finish', output);
}
