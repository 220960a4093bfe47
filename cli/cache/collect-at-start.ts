import { homedir } from 'node:os';
import type { Lab } from '../../labs/format/lab.ts';
import { Artefacts } from '../../sandbox-server/images/artefacts.ts';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import { findCacheUsers } from '../preflight/cache-users.mjs';
import { collectUnused } from './collect-unused.ts';
import { formatBytes } from './disk-use.ts';
import { wantedArtefacts } from './wanted-artefacts.ts';

/** Another checkout that somebody works with is started more often than that. */
const UNUSED_FOR_MS = 24 * 60 * 60_000;

/** Once a server runs: removes what edited labs, another QEMU or another checkout left in the cache. */
export async function collectAtStart(labs: readonly Lab[], identity: string): Promise<void> {
  const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  if (findCacheUsers(cache).some(({ pid }) => pid !== process.pid)) return;
  const artefacts = new Artefacts(cache);
  const wanted = await wantedArtefacts(cache, labs, identity);
  const { count, bytes } = await collectUnused({ artefacts, wanted, unusedForMs: UNUSED_FOR_MS });
  if (count > 0) console.log(`Removed ${count} images and templates unused for a day: ${formatBytes(bytes)}.`);
}
