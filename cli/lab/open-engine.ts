import { homedir } from 'node:os';
import type { Lab } from '../../labs/format/lab.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import type { Progress } from '../progress/progress.mjs';
import { PreparationSteps } from '../serve/preparation-steps.ts';
import type { Engine } from './tryout.ts';

/** What every verb is given. */
export interface Surroundings {
  /** On standard error, so that standard output stays the command's own. */
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Machines of this host, with the templates of these labs made. */
export async function openEngine(
  labs: readonly Lab[],
  { progress, signal }: Surroundings,
): Promise<Engine & AsyncDisposable> {
  const { machineMemoryMib, accelerator } = readConfig(process.env);
  const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const steps = new PreparationSteps(progress, cache);
  return steps.during(async () => {
    await using resources = new AsyncDisposableStack();
    const { onPrepare } = steps;
    const options = { env: process.env, memoryMib: machineMemoryMib, accelerator, onPrepare, signal };
    const machines = resources.use(await openLocalMachines(options));
    for (const lab of labs) await machines.templates.forLab(lab);
    resources.move();
    return machines;
  }, signal);
}
