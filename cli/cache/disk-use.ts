import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BYTES_PER_BLOCK = 512;

/** What a file or folder really takes on disk: templates are sparse, so their length says little. */
export async function diskUseBytes(path: string): Promise<number> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return 0;
  const own = stats.blocks * BYTES_PER_BLOCK;
  if (!stats.isDirectory()) return own;
  const names = await readdir(path).catch(() => []);
  const parts = await Promise.all(names.map((name) => diskUseBytes(join(path, name))));
  return parts.reduce((sum, part) => sum + part, own);
}

const KIB = 1024;
const UNITS = ['B', 'KiB', 'MiB', 'GiB'];

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= KIB && unit < UNITS.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${unit < 2 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
