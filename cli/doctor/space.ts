import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatBytes } from '../cache/disk-use.ts';
import { freeBytesOf } from '../serve/free-space.ts';
import { type Finding, good, lack } from './finding.ts';

export interface FolderSpace {
  readonly folder: string;
  readonly freeBytes: number;
  readonly writable: boolean;
}

export function readSpace(folder: string): FolderSpace {
  return { folder, freeBytes: freeBytesOf(folder), writable: isWritable(folder) };
}

/** Of a folder that is still to be made, the one it will be made in. */
function isWritable(folder: string): boolean {
  if (!existsSync(folder)) return isWritable(dirname(folder));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `neededBytes`: for what is still to be built. */
export function judgeCacheSpace({ folder, freeBytes, writable }: FolderSpace, neededBytes: number): Finding {
  if (!writable) return notWritable('cache', folder, 'XDG_CACHE_HOME');
  if (freeBytes >= neededBytes) return good('cache', `${formatBytes(freeBytes)} free for images in ${folder}`);
  return lack(
    'cache',
    `${formatBytes(freeBytes)} free in ${folder}; what is still to be built needs ${formatBytes(neededBytes)}.`,
    'Free some space, or set XDG_CACHE_HOME to a folder on a larger disk.',
  );
}

/** `machineBytes`: the most that one machine may write. Nobody gets a machine that could not. */
export function judgeStateSpace({ folder, freeBytes, writable }: FolderSpace, machineBytes: number): Finding {
  if (!writable) return notWritable('state', folder, 'XDG_STATE_HOME');
  const room = `${formatBytes(freeBytes)} free in ${folder}, where machines write`;
  const fix = 'Free some space, or set XDG_STATE_HOME to a folder on a larger disk.';
  if (freeBytes >= machineBytes) return good('state', `${room} (up to ${formatBytes(machineBytes)} each)`);
  return lack(
    'state',
    `${room}: nobody gets one while there is less than the ${formatBytes(machineBytes)} it may write.`,
    fix,
  );
}

function notWritable(subject: string, folder: string, setting: string): Finding {
  return lack(
    subject,
    `This user may not write to ${folder}.`,
    `Set ${setting} to a folder that is yours, or make it yours:\n  sudo chown -R "$USER" '${folder}'`,
  );
}
