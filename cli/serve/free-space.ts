import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatBytes } from '../cache/disk-use.ts';
import { Stop } from '../preflight/stop.mjs';

/** A full disk is noticed before minutes of work are spent on it. */
export function requireFreeSpace(folder: string, neededBytes: number, freeBytes = freeBytesOf(folder)): void {
  if (freeBytes >= neededBytes) return;
  throw new Stop({
    what: `Too little disk space: ${formatBytes(neededBytes)} are needed in ${folder}, ${formatBytes(freeBytes)} are free.`,
    fix: 'Free some space, or set XDG_CACHE_HOME to a folder on a larger disk, and run the same command again.',
  });
}

/** Of the disk that the folder is or will be on. */
export function freeBytesOf(folder: string): number {
  if (!existsSync(folder)) return freeBytesOf(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
