import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundMachine } from '../../sandbox-server/machines/local/run-folder.ts';
import { type Finding, good, note } from './finding.ts';

export interface Leftovers {
  readonly machines: readonly FoundMachine[];
  /** State folders of spare servers (bench, browser tests) whose maker was killed. */
  readonly spare: readonly string[];
}

/** A spare server's folder ends with its maker's process id. */
export function findAbandonedSpares(stateFolder: string): string[] {
  const names = existsSync(stateFolder) ? readdirSync(stateFolder) : [];
  return names
    .filter((name) => {
      const maker = /^[a-z-]+-(\d+)$/.exec(name)?.[1];
      return maker !== undefined && !existsSync(`/proc/${maker}`);
    })
    .map((name) => join(stateFolder, name));
}

export function judgeRunFolders({ machines, spare }: Leftovers): Finding[] {
  const left = machines.filter(({ isOver }) => isOver).map(({ id }) => id);
  const running = machines.length - left.length;
  const findings = [good('machines', running === 0 ? 'none is running' : `${running} running`)];
  if (left.length > 0) {
    const text = `folders of machines whose supervisor was killed: ${left.join(', ')}.`;
    findings.push(note('left behind', text, 'The next start clears them away.'));
  }
  if (spare.length > 0) {
    findings.push(note('left behind', 'by a bench or test that was killed.', `Remove it:\n  rm -r ${spare.join(' ')}`));
  }
  return findings;
}
