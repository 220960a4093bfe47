import { homedir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../sandbox-server/config.ts';
import { INTERRUPTED_STATUS, Interruption } from '../../sandbox-server/interruption.ts';
import { main } from '../../sandbox-server/main.ts';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import { openRealMachines, type RealMachines } from '../../sandbox-server/real-machines.ts';
import type { RunningServer } from '../../sandbox-server/server.ts';
import { collectAtStart } from '../cache/collect-at-start.ts';
import type { Progress } from '../progress/progress.mjs';
import { PreparationSteps } from '../serve/preparation-steps.ts';
import { type Readiness, readyLine } from '../serve/ready-line.ts';
import { AuthorDesk } from './author-desk.ts';
import { LabShelf } from './lab-shelf.ts';
import { LabWorkshop } from './lab-workshop.ts';
import { NextTemplates } from './next-templates.ts';
import { watchLabs } from './watch-labs.ts';

const LABS_FOLDER = join(import.meta.dirname, '../../labs');

export interface ServeAuthorOptions {
  readonly progress: Progress;
  /** The address to open; the server is behind it. */
  readonly site: string;
}

/** A server whose labs change while it runs, until it is stopped. Resolves to an exit status. */
export async function serveAuthor({ progress, site }: ServeAuthorOptions): Promise<number> {
  const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const steps = new PreparationSteps(progress, cache);
  using interruption = new Interruption();
  const { signal } = interruption;
  const shelf = new LabShelf(LABS_FOLDER);
  let machines: RealMachines | undefined;
  let next: NextTemplates | undefined;
  let server: RunningServer | undefined;
  using desk = new AuthorDesk({ shelf, templates: { of: (lab) => next?.of(lab) ?? null } });
  const say = (text: string) => console.log(text);
  const workshop = new LabWorkshop({
    ...{ shelf, say },
    prepare: (lab) => next?.prepare(lab) ?? Promise.resolve(false),
    revise: (lab) => server?.revise(lab),
    changed: () => desk.changed(),
  });
  try {
    await using _watching = await watchLabs({ folder: LABS_FOLDER, onChange: (ids) => workshop.filesChanged(ids) });
    await main({
      ...{ labs: shelf.labs, author: desk.side },
      composeLocal: async () => {
        const onPrepare: typeof steps.onPrepare = (stage, name) => {
          const shown = steps.onPrepare(stage, name);
          return next?.alsoTold(stage, name, shown) ?? shown;
        };
        const opening = { env: process.env, config: readConfig(process.env), onPrepare, signal };
        machines = await steps.during(() => openRealMachines(opening), signal);
        return machines;
      },
      onComposed: ({ templates }) => {
        const during = <T>(work: () => Promise<T>) => steps.during(work, signal);
        next = new NextTemplates({ templates, during, onChange: () => desk.changed(), say });
      },
      onReady: (running) => {
        server = running;
        interruption[Symbol.dispose]();
        say(readyLine({ publicOrigin: site || running.origin, ...readiness(machines, progress) }));
        workshop.open();
        if (machines) void tidyUp([...shelf.labs.values()], machines.driver.identity);
      },
    });
    return 0;
  } catch (cause) {
    if (signal.aborted) return INTERRUPTED_STATUS;
    throw cause;
  }
}

function readiness(
  machines: RealMachines | undefined,
  { elapsedSeconds }: Progress,
): Omit<Readiness, 'origin' | 'publicOrigin' | 'metricsPort'> {
  return {
    accelerator: machines?.accelerator ?? null,
    reason: machines?.acceleratorReason ?? '',
    seconds: elapsedSeconds,
  };
}

/** A cache that cannot be tidied up is no reason to stop serving. */
async function tidyUp(...args: Parameters<typeof collectAtStart>): Promise<void> {
  await collectAtStart(...args).catch((cause) => console.error(`The cache could not be tidied up: ${cause}`));
}
