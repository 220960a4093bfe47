import { homedir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { loadLabs } from '../labs/format/load-labs.ts';
import { type ComposeLocal, compose } from './compose.ts';
import { readConfig } from './config.ts';
import { DrydockError } from './errors.ts';
import { Interruption } from './interruption.ts';
import { makeLog } from './log.ts';
import { resolvePaths } from './paths.ts';
import { type RunningServer, startServer } from './server.ts';

const ROOT = join(import.meta.dirname, '..');

export interface MainOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Makes the driver for `DRIVER=local`. */
  readonly composeLocal?: ComposeLocal;
  /** The server listens. */
  onReady?(server: RunningServer): void;
}

/** Runs a server until a signal ends it. Resolves when nothing of it is left, except machines that it leaves to another. */
export async function main({ env = process.env, composeLocal = missing, onReady }: MainOptions = {}): Promise<void> {
  const config = readConfig(env);
  const log = makeLog(config);
  const labs = loadLabs(join(ROOT, 'labs'));
  const paths = resolvePaths(env, { uid: getuid?.() ?? -1, home: homedir() });
  const { driver, templates } = await compose(config, labs, composeLocal);
  await using resources = new AsyncDisposableStack();
  resources.use(driver);
  const siteFolder = join(ROOT, 'dist');
  const server = resources.use(
    await startServer({ config, log, driver, templates, labs, siteFolder, stateFolder: paths.state }),
  );
  const { origin, metricsPort } = server;
  log.info({ origin, metricsPort, driver: driver.kind, maxSandboxes: config.maxSandboxes }, 'ready');
  onReady?.(server);
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
