import { spawnSync } from 'node:child_process';
import { userId } from '../cache-folder.mjs';
import { findProgram, runCommand } from '../command.mjs';
import { Stop } from '../stop.mjs';

/**
 * How to run something as root: directly, or through sudo, which asks for its password now rather than in the middle.
 *
 * @param {readonly string[]} commands what root would have to type otherwise
 * @returns {Promise<readonly string[]>} what to put before a command
 */
export async function becomeRoot(commands) {
  if (userId() === 0) return [];
  const sudo = findProgram('sudo');
  if (sudo !== undefined && (await mayUse(sudo))) return [sudo];
  throw new Stop({
    what: 'Installing packages needs root, and this user has no sudo that works here.',
    fix: `As root, run these commands, then the same command again:\n\n${commands.join('\n')}\n`,
  });
}

/** @param {string} sudo */
async function mayUse(sudo) {
  const silent = await runCommand([sudo, '-n', 'true']);
  if (silent.status === 0) return true;
  if (!process.stdin.isTTY) return false;
  return spawnSync(sudo, ['-v'], { stdio: 'inherit' }).status === 0;
}
