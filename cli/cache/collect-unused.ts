import type { Artefacts, StoredArtefact } from '../../sandbox-server/images/artefacts.ts';
import { ARTEFACT_KINDS } from '../../sandbox-server/images/artefacts.ts';
import { foldersInUse } from '../../sandbox-server/images/folders-in-use.ts';
import type { Wanted } from './wanted-artefacts.ts';

export interface CollectOptions {
  readonly artefacts: Artefacts;
  /** What this checkout uses. */
  readonly wanted: readonly Wanted[];
  /** What was used less long ago stays: another checkout may want it. */
  readonly unusedForMs: number;
  readonly now?: number;
}

export interface Collected {
  readonly count: number;
  readonly bytes: number;
}

/**
 * Removes what nothing wants any more: made from files as they were, or left half made. What a machine runs from stays,
 * and so does what is being made. Whoever calls it makes sure that no other command uses the cache.
 */
export async function collectUnused(options: CollectOptions): Promise<Collected> {
  const { artefacts, wanted, unusedForMs, now = Date.now() } = options;
  const keys = new Set(wanted.map(({ key }) => key));
  const used = await foldersInUse();
  const mayGo = ({ key, folder, usedAt }: StoredArtefact) =>
    !keys.has(key) && !used(folder) && now - usedAt >= unusedForMs;
  let count = 0;
  let bytes = 0;
  for (const kind of ARTEFACT_KINDS) {
    for (const one of (await artefacts.list(kind)).filter(mayGo)) {
      if (!(await artefacts.remove(kind, one.key))) continue;
      count += 1;
      bytes += one.bytes;
    }
  }
  return { count, bytes };
}
