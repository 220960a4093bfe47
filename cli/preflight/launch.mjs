import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openHistory } from '../progress/history.mjs';
import { Progress, viewFor } from '../progress/progress.mjs';
import { cacheFolder } from './cache-folder.mjs';
import { registerCacheUser } from './cache-users.mjs';
import { withSystemFolders } from './command.mjs';
import { COMMANDS } from './commands.mjs';
import { areDependenciesInstalled, installDependencies } from './dependencies.mjs';
import { handOver } from './hand-over.mjs';
import { installOwnNode, isNodeNewEnough, ownNode } from './node-runtime.mjs';
import { requirePlatform } from './platform.mjs';
import { Stop } from './stop.mjs';
import { ensureSystem, planSystem } from './system/ensure-system.mjs';

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '../..');

const INTERRUPTIONS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Tells the process that takes over how many steps were shown already, and since when. */
const STEPS_SHOWN = 'DRYDOCK_STEPS_SHOWN';
const STARTED_MS = 'DRYDOCK_STARTED_MS';

/**
 * Makes sure of everything a command needs, in order, then runs it. Progress and messages go to standard error: what
 * a command prints on standard output is its own.
 *
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<number>} exit status
 */
export async function launch(name, args) {
  const command = findCommand(name);
  const platform = requirePlatform();
  for (const signal of INTERRUPTIONS) process.on(signal, exitOnSignal);
  process.env.PATH = withSystemFolders(process.env.PATH);
  const cache = cacheFolder();
  const alreadyDone = Number(process.env[STEPS_SHOWN] || 0);
  const progress = new Progress({
    view: viewFor(process.stderr),
    history: openHistory(join(cache, 'durations.json')),
    alreadyDone,
    startedMs: Number(process.env[STARTED_MS] || Date.now() - Math.round(performance.now())),
  });
  if (!platform.supported && alreadyDone === 0) {
    say(`Note: nobody has tried Drydock on ${platform.name}. It is made for Debian 12 and 13 and Ubuntu 24.04.`);
  }

  if (isNodeNewEnough()) return prepareAndRun(name, args, platform, progress);
  if (!existsSync(ownNode(cache))) {
    progress.expect(1 + (await planPreparation(command, args, platform)).steps);
    say(`Drydock needs Node 24; this is ${process.versions.node}. A newer one goes into ${cache}, nowhere else.`);
    const step = { id: 'node', title: 'Installing Node 24', expectedSeconds: 15 };
    await progress.step(step, (report) => installOwnNode(cache, report));
  }
  leaveSignalsAlone();
  return handOver(ownNode(cache), {
    [STEPS_SHOWN]: String(progress.shown),
    [STARTED_MS]: String(progress.startedMs),
  });
}

/**
 * While things are installed, an interruption runs the exit handlers, which clear away what is half-made. What comes
 * after has ways of its own.
 *
 * @param {'SIGINT' | 'SIGTERM' | 'SIGHUP'} signal
 */
function exitOnSignal(signal) {
  process.exit(128 + constants.signals[signal]);
}

function leaveSignalsAlone() {
  for (const signal of INTERRUPTIONS) process.off(signal, exitOnSignal);
}

/** @param {string} name */
function findCommand(name) {
  const command = COMMANDS[name];
  if (command !== undefined) return command;
  throw new Stop({ what: `There is no command "${name}".`, fix: `There are: ${Object.keys(COMMANDS).join(', ')}.` });
}

const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);

/**
 * @param {import('./commands.mjs').CommandPlan} command
 * @param {string[]} args
 * @param {import('./platform.mjs').Platform} platform
 */
async function planPreparation(command, args, platform) {
  const dependenciesMissing = !areDependenciesInstalled(PROJECT);
  const system = await planSystem(command.system(args, process.env), platform);
  return { dependenciesMissing, system, steps: (dependenciesMissing ? 1 : 0) + system.steps + command.steps };
}

/**
 * @param {string} name
 * @param {string[]} args
 * @param {import('./platform.mjs').Platform} platform
 * @param {Progress} progress
 * @returns {Promise<number>}
 */
async function prepareAndRun(name, args, platform, progress) {
  const command = findCommand(name);
  const plan = await planPreparation(command, args, platform);
  progress.expect(plan.steps);
  if (plan.dependenciesMissing) {
    const step = { id: 'npm ci', title: 'Installing npm packages', expectedSeconds: 30 };
    await progress.step(step, (report) => installDependencies(PROJECT, report));
  }
  await ensureSystem(plan.system, platform, { project: PROJECT, progress, say });
  delete process.env[STEPS_SHOWN];
  delete process.env[STARTED_MS];
  // `npm run clean` knows of this process from here on.
  if (plan.system.need !== 'nothing') process.on('exit', registerCacheUser(cacheFolder(), name));
  leaveSignalsAlone();
  const { run } = await import(pathToFileURL(join(PROJECT, 'cli', command.module)).href);
  return run(args, progress);
}
