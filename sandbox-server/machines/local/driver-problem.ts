import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { LocalContext } from './local-context.ts';

const MIB = 1024 * 1024;
/** A fork begins with a few MiB on the disk and writes what its learner writes: below this some of them will stop. */
const LEAST_FREE_MIB = 512;
const PROGRAMS = ['qemu-system-x86_64', 'bwrap'];

type Places = Pick<LocalContext, 'emptyOverlay'> & { readonly runFolders: Pick<LocalContext['runFolders'], 'path'> };

/** What would keep the next fork from starting, as far as a look without starting one can tell. */
export async function driverProblem({ runFolders, emptyOverlay }: Places): Promise<string | undefined> {
  for (const program of PROGRAMS) {
    if (!(await isInstalled(program))) return `${program} is not installed any more. Run npm run doctor.`;
  }
  if (!(await can(runFolders.path, constants.W_OK)) || !(await can(emptyOverlay, constants.R_OK))) {
    return 'The folder of running machines is gone or cannot be written. Restart the server.';
  }
  const { bavail, bsize } = await statfs(runFolders.path);
  const freeMib = Math.floor((bavail * bsize) / MIB);
  if (freeMib >= LEAST_FREE_MIB) return undefined;
  return `Only ${freeMib} MiB are free where machines write. Free some space: below ${LEAST_FREE_MIB} MiB machines stop.`;
}

async function isInstalled(program: string): Promise<boolean> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders) if (await can(join(folder, program), constants.X_OK)) return true;
  return false;
}

const can = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
