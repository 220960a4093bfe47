import type { Lab } from '../../labs/format/lab.ts';
import { loadLabs } from '../../labs/format/load-labs.ts';
import { LabFormatError } from '../../labs/format/problem.ts';
import { type Finding, good, lack } from './finding.ts';

export type LoadedLabs = { readonly labs: readonly Lab[] } | { readonly labs: null; readonly problems: number };

export function tryLabs(folder: string): LoadedLabs {
  try {
    return { labs: [...loadLabs(folder).values()] };
  } catch (cause) {
    if (!(cause instanceof LabFormatError)) throw cause;
    return { labs: null, problems: cause.problems.length };
  }
}

export function judgeLabs(loaded: LoadedLabs): Finding {
  if (loaded.labs !== null) return good('labs', `${loaded.labs.map(({ id }) => id).join(', ')}: well written`);
  const count = loaded.problems === 1 ? 'one mistake' : `${loaded.problems} mistakes`;
  return lack('labs', `${count} in their files.`, 'See what and where:\n  npm run lab -- check');
}
