import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadLabs } from '../labs/format/load-labs.ts';
import type { Composition } from '../sandbox-server/compose.ts';
import { type Config, readConfig } from '../sandbox-server/config.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';
import { main } from '../sandbox-server/main.ts';
import { resolvePaths } from '../sandbox-server/paths.ts';
import type { Progress } from './progress/progress.mjs';
import { requireFreePort } from './serve/free-port.ts';
import { INTERRUPTED_STATUS, listenForInterruption } from './serve/interruption.ts';
import { PreparationSteps } from './serve/preparation-steps.ts';
import { type Readiness, readyLine } from './serve/ready-line.ts';
import { buildSite } from './site/build-site.ts';

const PROJECT = join(import.meta.dirname, '..');

/** What `npm start` does once everything is installed: site, image, templates, server. Resolves when it is stopped. */
export async function run(_args: readonly string[], progress: Progress): Promise<number> {
  const config = readConfig(process.env);
  await requireFreePort(config);
  using interruption = listenForInterruption();
  const { signal } = interruption;
  try {
    const step = { id: 'site', title: 'Building the site', expectedSeconds: 15 };
    await progress.step(step, (report) => buildSite({ project: PROJECT, report }));
    signal.throwIfAborted();
    let machines: Pick<Readiness, 'accelerator' | 'reason'> = { accelerator: null, reason: '' };
    await main({
      composeLocal: async () => {
        const opened = await openMachines(config, progress, signal);
        machines = { accelerator: opened.accelerator, reason: opened.acceleratorReason };
        return opened;
      },
      onReady: ({ origin }) => {
        interruption[Symbol.dispose]();
        console.log(readyLine({ origin, ...machines, seconds: progress.elapsedSeconds }));
      },
    });
    return 0;
  } catch (cause) {
    if (signal.aborted) return INTERRUPTED_STATUS;
    throw cause;
  }
}

type LocalComposition = Composition & Awaited<ReturnType<typeof openLocalMachines>>;

/** Opens the driver and makes every lab's templates, so that no learner ever waits for one. */
async function openMachines(config: Config, progress: Progress, signal: AbortSignal): Promise<LocalComposition> {
  const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const steps = new PreparationSteps(progress, cache);
  return steps.during(async () => {
    await using resources = new AsyncDisposableStack();
    const machines = resources.use(
      await openLocalMachines({
        env: process.env,
        memoryMib: config.machineMemoryMib,
        accelerator: 'auto',
        instance: `server-${config.port}`,
        onPrepare: steps.onPrepare,
        signal,
      }),
    );
    for (const lab of loadLabs(join(PROJECT, 'labs')).values()) await machines.templates.forLab(lab);
    resources.move();
    return machines;
  }, signal);
}
