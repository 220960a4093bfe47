import { homedir } from 'node:os';
import type { Lab } from '../../labs/format/lab.ts';
import type { Config } from '../../sandbox-server/config.ts';
import type { TemplateRefs } from '../../sandbox-server/machines/templates.ts';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import { openRealMachines, type RealMachines } from '../../sandbox-server/real-machines.ts';
import type { Progress } from '../progress/progress.mjs';
import { PreparationSteps } from './preparation-steps.ts';

export interface OpenMachinesOptions {
  readonly config: Config;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Steps at whose start somebody will want machines. Default: none, they are made when somebody does. */
  readonly steps?: (lab: Lab) => readonly string[];
  /** Told what machines at the start of one of these steps are made of. */
  readonly onCheckpoint?: (lab: Lab, step: string, refs: TemplateRefs) => void;
}

/** For whoever looks after the server; a learner is told by the page. */
const say = (text: string) => console.error(text);

/** Opens the driver and makes these labs' templates, so that nobody who starts a machine waits for one. */
export async function openMachines(
  labs: Iterable<Lab>,
  { config, progress, signal, steps: stepsOf = () => [], onCheckpoint = () => {} }: OpenMachinesOptions,
): Promise<RealMachines> {
  const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const steps = new PreparationSteps(progress, cache);
  return steps.during(async () => {
    await using resources = new AsyncDisposableStack();
    const { onPrepare } = steps;
    const machines = resources.use(
      await openRealMachines({ env: process.env, config, onPrepare, onEngine: say, signal }),
    );
    for (const lab of labs) {
      await machines.templates.forLab(lab);
      for (const step of stepsOf(lab)) onCheckpoint(lab, step, await machines.templates.forLab(lab, step));
    }
    resources.move();
    return machines;
  }, signal);
}
