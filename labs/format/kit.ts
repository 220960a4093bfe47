import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** labs/kit: put before every script, in the order of the file names. */
export function readKit(labsFolder: string): string {
  const folder = join(labsFolder, 'kit');
  const files = readdirSync(folder).filter((name) => name.endsWith('.sh'));
  return files
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}
