import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from './stop.mjs';

/** @typedef {{ pid: number, command: string }} CacheUser a running command that may have images or templates open */

/** A file per process, named by its id and holding its start time: an id alone may have been given anew. */
const FOLDER = 'in-use';

/**
 * Says that this process uses the cache, until it ends, however it ends.
 *
 * @param {string} cache
 * @param {string} command
 * @returns {() => void} takes it back
 */
export function registerCacheUser(cache, command) {
  const folder = join(cache, FOLDER);
  const file = join(folder, String(process.pid));
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify({ startTicks: readStartTicks(process.pid), command }));
  } catch (error) {
    throw new Stop({
      what: `The cache folder ${cache} cannot be written to.`,
      why: error instanceof Error ? error.message : String(error),
      fix: 'Make it yours or free space on it, or set XDG_CACHE_HOME to a folder that is.',
    });
  }
  return () => rmSync(file, { force: true });
}

/**
 * Who uses the cache now; files of processes that are gone are removed on the way.
 *
 * @param {string} cache
 * @returns {CacheUser[]}
 */
export function findCacheUsers(cache) {
  /** @type {CacheUser[]} */
  const users = [];
  for (const name of listFiles(join(cache, FOLDER))) {
    const file = join(cache, FOLDER, name);
    const pid = Number(name);
    const entry = readEntry(file);
    if (entry !== undefined && entry.startTicks === readStartTicks(pid)) users.push({ pid, command: entry.command });
    else rmSync(file, { force: true });
  }
  return users;
}

/** @param {string} folder */
function listFiles(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {string} file @returns {{ startTicks: string, command: string } | undefined} */
function readEntry(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Field 22 of /proc/<pid>/stat. The name in field 2 may hold spaces and brackets, so counting starts behind it.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
function readStartTicks(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
