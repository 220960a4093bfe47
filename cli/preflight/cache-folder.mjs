import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The same folder as resolvePaths() in sandbox-server/paths.ts, which an old Node cannot import; a test compares them.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {{ uid: number, home: string }} [user]
 */
export function cacheFolder(env = process.env, user = { uid: userId(), home: homedir() }) {
  return join(env.XDG_CACHE_HOME || (user.uid === 0 ? '/var/cache' : join(user.home, '.cache')), 'drydock');
}

export function userId() {
  return process.getuid === undefined ? -1 : process.getuid();
}
