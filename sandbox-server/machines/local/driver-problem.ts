import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { LocalContext } from './local-context.ts';

const MIB = 1024 * 1024;
const PROGRAMS = ['qemu-system-x86_64', 'bwrap'];

type Places = Pick<LocalContext, 'emptyOverlay' | 'maxOverlayBytes'> & {
  readonly runFolders: Pick<LocalContext['runFolders'], 'path'>;
};

/** What would keep the next fork from starting, as far as a look without starting one can tell. */
export async function driverProblem({
  runFolders,
  emptyOverlay,
  maxOverlayBytes,
}: Places): Promise<string | undefined> {
  for (const program of PROGRAMS) {
    if (!(await isInstalled(program))) return `${program} is not installed any more. Run npm run doctor.`;
  }
  if (!(await can(runFolders.path, constants.W_OK)) || !(await can(emptyOverlay, constants.R_OK))) {
    return 'The folder of running machines is gone or cannot be written. Restart the server.';
  }
  const { bavail, bsize } = await statfs(runFolders.path);
  if (bavail * bsize >= maxOverlayBytes) return undefined;
  const [freeMib, neededMib] = [bavail * bsize, maxOverlayBytes].map((bytes) => Math.floor(bytes / MIB));
  return `Only ${freeMib} MiB are free where machines write. Free some space: below ${neededMib} MiB nobody gets a new one.`;
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
