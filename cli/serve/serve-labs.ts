import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadLabs } from '../../labs/format/load-labs.ts';
import type { Composition } from '../../sandbox-server/compose.ts';
import { type Config, readConfig } from '../../sandbox-server/config.ts';
import { type LocalMachines, openLocalMachines } from '../../sandbox-server/local-machines.ts';
import { main } from '../../sandbox-server/main.ts';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import type { Progress } from '../progress/progress.mjs';
import { INTERRUPTED_STATUS, listenForInterruption } from './interruption.ts';
import { PreparationSteps } from './preparation-steps.ts';
import type { Readiness } from './ready-line.ts';

const LABS_FOLDER = join(import.meta.dirname, '../../labs');

export interface ServeOptions {
  readonly progress: Progress;
  readonly env?: NodeJS.ProcessEnv;
  /** Done first, under the same interruption. */
  readonly before?: () => Promise<unknown>;
  readonly onReady: (readiness: Readiness) => void;
}

/** Makes what machines need, then runs the server until it is stopped. Resolves to an exit status. */
export async function serveLabs({ progress, env = process.env, before, onReady }: ServeOptions): Promise<number> {
  const config = readConfig(env);
  using interruption = listenForInterruption();
  const { signal } = interruption;
  try {
    await before?.();
    signal.throwIfAborted();
    let machines: Pick<Readiness, 'accelerator' | 'reason'> = { accelerator: null, reason: '' };
    await main({
      env,
      composeLocal: async () => {
        const opened = await openMachines(config, progress, signal);
        machines = { accelerator: opened.accelerator, reason: opened.acceleratorReason };
        return opened;
      },
      onReady: ({ origin }) => {
        interruption[Symbol.dispose]();
        onReady({ origin, ...machines, seconds: progress.elapsedSeconds });
      },
    });
    return 0;
  } catch (cause) {
    if (signal.aborted) return INTERRUPTED_STATUS;
    throw cause;
  }
}

/** Opens the driver and makes every lab's templates, so that no learner ever waits for one. */
async function openMachines(
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
        accelerator: 'auto',
        // Two servers must not sweep each other's machines.
        onPrepare: steps.onPrepare,
        signal,
      }),
    );
    for (const lab of loadLabs(LABS_FOLDER).values()) await machines.templates.forLab(lab);
    resources.move();
    return machines;
  }, signal);
}
