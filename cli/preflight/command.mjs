import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** An ordinary user of Debian has no sbin folder in PATH, but may run what is there. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** @param {string | undefined} path value of PATH */
export function withSystemFolders(path) {
  const folders = (path || '').split(':').filter((folder) => folder !== '');
  return folders.concat(SYSTEM_FOLDERS.filter((folder) => !folders.includes(folder))).join(':');
}

/** @param {string} name @returns {string | undefined} full path */
export function findProgram(name) {
  for (const folder of withSystemFolders(process.env.PATH).split(':')) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/**
 * @typedef {object} CommandOptions
 * @property {NodeJS.ProcessEnv} [env] added to this process's own
 * @property {string} [cwd]
 * @property {string} [input] for its standard input, which is closed otherwise
 * @property {(line: string) => void} [onLine] each line of output, as it comes
 *
 * @typedef {object} CommandResult
 * @property {number} status 127 when the program could not be started, 128 when a signal ended it
 * @property {string} output standard output and error, as they came
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Whatever ends this process ends what it started: npm would go on writing otherwise. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/**
 * Runs a program to its end; a failure is a status, not an exception.
 *
 * @param {readonly string[]} argv
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export function runCommand([program = '', ...args], { env, cwd, input, onLine } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, PATH: withSystemFolders(process.env.PATH), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    /** @param {string} text */
    const take = (text) => {
      output += text;
      if (onLine !== undefined) for (const line of text.split(/[\r\n]+/)) if (line.trim() !== '') onLine(line.trim());
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.stdin.on('error', () => {}); // It may end without reading.
    child.stdin.end(input);
    child.on('error', (error) => resolve({ status: 127, output: error.message }));
    child.on('close', (status) => {
      running.delete(child);
      resolve({ status: status === null ? 128 : status, output });
    });
  });
}
