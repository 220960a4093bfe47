import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SUPERVISOR_SOCKET } from './run-folder.ts';
import { findSupervisor } from './supervisor.ts';

/** A word of the command line of a machine's jail and of its supervisor, in every version. */
const PROGRAM = 'qemu-system-x86_64';

/**
 * Ends the machine of a run folder, of whichever version of Drydock: by its supervisor where that can be spoken to, else
 * by the processes that name the folder. True when there was one.
 */
export async function endMachine(folder: string): Promise<boolean> {
  const supervisor = await findSupervisor(join(folder, SUPERVISOR_SOCKET));
  await supervisor?.kill();
  const left = await processesOf(folder);
  for (const pid of left) killProcess(pid);
  if (supervisor === undefined && left.length === 0) return false;
  await rm(folder, { recursive: true, force: true });
  return true;
}

async function processesOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const isOfIt = await Promise.all(pids.map((pid) => names(pid, folder)));
  return pids.filter((_, index) => isOfIt[index]).map(Number);
}

/** Whoever else has the folder on its command line, a person's `ls`, is none of its machine's processes. */
async function names(pid: string, folder: string): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const words = line.split('\0');
  return words.includes(PROGRAM) && words.some((word) => word.startsWith(`${folder}/`));
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended, with the one before it.
  }
}
