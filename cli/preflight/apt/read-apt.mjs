import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.mjs';

const LISTS = '/var/lib/apt/lists';

/** Mirrors drop replaced packages after about a day. */
const STALE_AFTER_MS = 24 * 60 * 60 * 1000;

/** Apt's sources as they are. @returns {import('./backports.mjs').SourceFile[]} */
export function readSourceFiles() {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))]
    .filter((path) => existsSync(path))
    .map((path) => ({ path, content: readFileSync(path, 'utf8') }));
}

/** Whether the package lists are old or do not know one of these. @param {readonly string[]} packages */
export async function areListsStale(packages) {
  if (Date.now() - lastUpdateMs() > STALE_AFTER_MS) return true;
  const { output } = await runCommand(['apt-cache', 'policy', ...packages], { env: { LC_ALL: 'C.UTF-8' } });
  return countCandidates(output) < packages.length;
}

/** @param {string} policy output of `apt-cache policy`; packages it does not know are left out or have "(none)" */
export function countCandidates(policy) {
  return policy.split('\n').filter((line) => /^ {2}Candidate: (?!\(none\))/.test(line)).length;
}

/** `apt-get update` empties and fills the folder "partial", whatever it finds. */
function lastUpdateMs() {
  try {
    return statSync(join(LISTS, 'partial')).mtimeMs;
  } catch {
    return 0;
  }
}
