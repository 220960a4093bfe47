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
