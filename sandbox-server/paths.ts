import { join } from 'node:path';

export interface Paths {
  /** Images and templates: rebuilt when missing, shared by every clone of this user. */
  readonly cache: string;
  /** The store, and one run folder per machine under `machines/`. */
  readonly state: string;
}

/**
 * The convention of systemd's CacheDirectory= and StateDirectory=: a user's are under XDG_CACHE_HOME and
 * XDG_STATE_HOME, root's are the system's, because a machine of root's runs as a host user of its own that could not
 * reach into /root.
 */
export function resolvePaths(env: NodeJS.ProcessEnv, { uid, home }: { uid: number; home: string }): Paths {
  const root = uid === 0;
  const cache = env.XDG_CACHE_HOME || (root ? '/var/cache' : join(home, '.cache'));
  const state = env.XDG_STATE_HOME || (root ? '/var/lib' : join(home, '.local/state'));
  return { cache: join(cache, 'drydock'), state: join(state, 'drydock') };
}
