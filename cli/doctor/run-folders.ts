import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunBlock } from '../../sandbox-server/machines/local/run-folder.ts';
import { type Finding, good, note } from './finding.ts';

export interface Leftovers {
  readonly blocks: readonly RunBlock[];
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

export function judgeRunFolders({ blocks, spare }: Leftovers): Finding[] {
  const left = blocks.filter(({ inUse }) => !inUse).map(({ path }) => path);
  const findings = [good('machines', countMachines(blocks.filter(({ inUse }) => inUse)))];
  if (left.length > 0) {
    findings.push(note('left behind', `by a killed process: ${left.join(', ')}.`, 'The next start clears it away.'));
  }
  if (spare.length > 0) {
    findings.push(note('left behind', 'by a bench or test that was killed.', `Remove it:\n  rm -r ${spare.join(' ')}`));
  }
  return findings;
}

function countMachines(blocks: readonly RunBlock[]): string {
  const machines = blocks.reduce((sum, block) => sum + block.machines.length, 0);
  if (machines === 0) return 'none is running';
  const owners = blocks.length === 1 ? 'one process' : `${blocks.length} processes`;
  return `${machines} running, started by ${owners}`;
}
