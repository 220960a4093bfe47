import type { Lab } from '../../labs/format/lab.ts';
import { readConfig } from '../../sandbox-server/config.ts';
import { INTERRUPTED_STATUS, Interruption } from '../../sandbox-server/interruption.ts';
import { main } from '../../sandbox-server/main.ts';
import type { RealMachines } from '../../sandbox-server/real-machines.ts';
import { collectAtStart } from '../cache/collect-at-start.ts';
import type { Progress } from '../progress/progress.mjs';
import { openMachines } from './open-machines.ts';
import type { Readiness } from './ready-line.ts';

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
  using interruption = new Interruption();
  const { signal } = interruption;
  try {
    await before?.();
    signal.throwIfAborted();
    let machines: Pick<Readiness, 'accelerator' | 'reason'> = { accelerator: null, reason: '' };
    let tidyUp = () => {};
    await main({
      env,
      composeLocal: async (labs) => {
        const opened = await openMachines(labs.values(), { config, progress, signal });
        machines = { accelerator: opened.accelerator, reason: opened.acceleratorReason };
        tidyUp = () => void collectOrSay([...labs.values()], opened);
        return opened;
      },
      onReady: ({ origin, metricsPort }) => {
        interruption[Symbol.dispose]();
        const [publicOrigin = origin] = config.publicOrigins;
        onReady({ origin, publicOrigin, metricsPort, ...machines, seconds: progress.elapsedSeconds });
        tidyUp();
      },
    });
    return 0;
  } catch (cause) {
    if (signal.aborted) return INTERRUPTED_STATUS;
    throw cause;
  }
}

/** A cache that cannot be tidied up is no reason to stop serving. */
async function collectOrSay(labs: readonly Lab[], machines: RealMachines): Promise<void> {
  const say = (cause: unknown) => console.error(`The cache could not be tidied up: ${cause}`);
  await collectAtStart(labs, machines.driver.identity).catch(say);
  await machines.tidyUp?.().catch(say);
}
