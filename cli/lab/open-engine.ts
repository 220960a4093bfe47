import type { Lab } from '../../labs/format/lab.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import type { Progress } from '../progress/progress.mjs';
import { type OpenMachinesOptions, openMachines } from '../serve/open-machines.ts';
import type { Engine } from './tryout.ts';

/** What every verb is given. */
export interface Surroundings {
  /** On standard error, so that standard output stays the command's own. */
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Machines of this host, with the templates of these labs made, and those at the steps that are asked for. */
export function openEngine(
  labs: readonly Lab[],
  surroundings: Surroundings & Pick<OpenMachinesOptions, 'steps' | 'onCheckpoint'>,
): Promise<Engine & AsyncDisposable> {
  return openMachines(labs, { config: readConfig(process.env), ...surroundings });
}
