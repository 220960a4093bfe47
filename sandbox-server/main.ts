import { homedir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import type { Lab } from '../labs/format/lab.ts';
import { loadLabs } from '../labs/format/load-labs.ts';
import { type ComposeLocal, type Composition, compose } from './compose.ts';
import { readConfig, sandboxesOn } from './config.ts';
import { DrydockError } from './errors.ts';
import { Interruption } from './interruption.ts';
import { makeLog } from './log.ts';
import { resolvePaths } from './paths.ts';
import { type RunningServer, startServer } from './server.ts';
import type { AuthorSide } from './server-options.ts';

const ROOT = join(import.meta.dirname, '..');

export interface MainOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Makes the driver for `DRIVER=local`. */
  readonly composeLocal?: ComposeLocal;
  /** Default: all there are; one that is wrong is an error. */
  readonly labs?: ReadonlyMap<string, Lab>;
  readonly author?: AuthorSide;
  /** Machines can be made; nobody has any yet. */
  onComposed?(composition: Composition): void;
  /** The server listens. */
  onReady?(server: RunningServer): void;
}

/** Runs a server until a signal ends it. Resolves when nothing of it is left, except machines that it leaves to another. */
export async function main(options: MainOptions = {}): Promise<void> {
  const { env = process.env, composeLocal = missing, author } = options;
  const config = readConfig(env);
  const log = makeLog(config);
  const labs = options.labs ?? loadLabs(join(ROOT, 'labs'));
  const paths = resolvePaths(env, { uid: getuid?.() ?? -1, home: homedir() });
  const composition = await compose(config, labs, composeLocal);
  const { driver, templates } = composition;
  await using resources = new AsyncDisposableStack();
  resources.use(driver);
  options.onComposed?.(composition);
  const siteFolder = join(ROOT, 'dist');
  const server = resources.use(
    await startServer({ config, log, driver, templates, labs, siteFolder, stateFolder: paths.state, author }),
  );
  const { origin, metricsPort } = server;
  log.info({ origin, metricsPort, driver: driver.kind, maxSandboxes: sandboxesOn(config, driver.hosts()) }, 'ready');
  options.onReady?.(server);
  // To the end of the process: while things are being ended, a second signal still has to be heard.
  const interruption = new Interruption();
  const signal = await interruption.name;
  log.info({ signal, machines: config.onStop }, 'stopping; once more stops at once');
  if (config.onStop === 'keep' && signal === 'SIGTERM') await server.leave();
}

async function missing(): Promise<never> {
  throw new DrydockError(
    'driver-missing',
    'Real machines need an image first: start the server with "npm start". DRIVER=fake runs it without machines.',
  );
}

if (import.meta.main) {
  try {
    await main();
  } catch (cause) {
    process.stderr.write(`${cause instanceof DrydockError ? cause.message : ((cause as Error).stack ?? cause)}\n`);
    process.exitCode = 1;
  }
}
