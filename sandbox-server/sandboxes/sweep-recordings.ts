import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what earlier servers kept of sandboxes that are none any more. To be called before there are new ones. */
export async function sweepRecordings(folder: string, living: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const stale = names.filter((name) => !living.has(name));
  await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
