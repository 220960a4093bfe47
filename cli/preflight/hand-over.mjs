import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname } from 'node:path';

/** A terminal sends Ctrl-C to both processes; what is passed on twice is taken for one there. */
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Starts this same command again with another Node and waits for its end.
 *
 * @param {string} node path of the program; its folder goes first in PATH, so everything below uses it too
 * @param {NodeJS.ProcessEnv} env added to this process's own
 * @returns {Promise<number>} exit status
 */
export function handOver(node, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, process.argv.slice(1), {
      stdio: 'inherit',
      env: { ...process.env, ...env, PATH: `${dirname(node)}:${process.env.PATH}` },
    });
    for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve(signal === null ? status || 0 : 128 + constants.signals[signal]);
    });
  });
}
