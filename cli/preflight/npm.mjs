import { existsSync } from 'node:fs';
import { findProgram, runCommand } from './command.mjs';
import { Stop } from './stop.mjs';

/**
 * Runs npm as the project's settings want it.
 *
 * No package's install script runs: none of ours needs one (esbuild's merely saves a process start), and a script is
 * how a hijacked package would strike.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string, onLine?: (line: string) => void }} options
 */
export function runNpm(args, { cwd, onLine }) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];
  // Three more tries within 20 s; npm's own pauses would leave somebody without a network waiting for minutes.
  const patience = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];
  return runCommand([...npmCommand(), ...args, ...quiet, ...patience], { cwd, onLine });
}

/** The npm that started us, else the one in PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /npm-cli\.js$/.test(script) && existsSync(script)) return [process.execPath, script];
  const program = findProgram('npm');
  if (program !== undefined) return [program];
  throw new Stop({
    what: 'The program npm is missing; it comes with Node.',
    fix: 'Install it (as root: apt-get install --no-install-recommends npm) and run the same command again.',
  });
}
