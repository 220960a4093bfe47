import type { Artefacts } from './artefacts.ts';
import { foldersInUse } from './folders-in-use.ts';

export interface TrimOptions {
  readonly limitBytes: number;
  /** Key of the one that was just made. */
  readonly keep?: string;
}

/** Whoever was given one a moment ago has its machines running by then. */
const GRACE_MS = 2 * 60_000;

/** Removes what was used least recently until the rest fits; never one that a machine runs from or is about to. */
export async function trimCheckpoints(artefacts: Artefacts, { limitBytes, keep }: TrimOptions): Promise<string[]> {
  const stored = await artefacts.list('checkpoints');
  let bytes = stored.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= limitBytes) return [];
  const used = await foldersInUse();
  const removable = stored
    .filter(({ key, folder, usedAt }) => key !== keep && !used(folder) && Date.now() - usedAt > GRACE_MS)
    .sort((a, b) => a.usedAt - b.usedAt);
  const removed: string[] = [];
  for (const one of removable) {
    if (bytes <= limitBytes) break;
    if (!(await artefacts.remove('checkpoints', one.key))) continue;
    bytes -= one.bytes;
    removed.push(one.key);
  }
  return removed;
}
