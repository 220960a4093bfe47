import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadLabs } from '../../labs/format/load-labs.ts';
import type { Composition } from '../../sandbox-server/compose.ts';
import type { Config } from '../../sandbox-server/config.ts';
import { type LocalMachines, openLocalMachines } from '../../sandbox-server/local-machines.ts';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import type { Progress } from '../progress/progress.mjs';
import { PreparationSteps } from './preparation-steps.ts';

const LABS_FOLDER = join(import.meta.dirname, '../../labs');

/** Opens the driver and makes every lab's templates, so that no learner ever waits for one. */
export async function openMachines(
  config: Config,
  progress: Progress,
  signal: AbortSignal,
): Promise<Composition & LocalMachines> {
  const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const steps = new PreparationSteps(progress, cache);
  return steps.during(async () => {
    await using resources = new AsyncDisposableStack();
    const machines = resources.use(
      await openLocalMachines({
        env: process.env,
        memoryMib: config.machineMemoryMib,
        accelerator: config.accelerator,
        onPrepare: steps.onPrepare,
        signal,
      }),
    );
    for (const lab of loadLabs(LABS_FOLDER).values()) await machines.templates.forLab(lab);
    resources.move();
    return machines;
  }, signal);
}
