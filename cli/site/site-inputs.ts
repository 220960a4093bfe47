import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that the built pages are made of. Of a lab that is its public part; the site may see no more. */
const INPUTS = [
  'content/**/*',
  'public/**/*',
  'src/**/*',
  'protocol/**/*.ts',
  'labs/format/**/*.ts',
  'labs/*/lab.yaml',
  'astro.config.mjs',
  'tsconfig*.json',
  'package-lock.json',
];

/** Changes when the site has to be built again. Tests and what nobody imports count too: a build too many is cheap. */
export function hashSiteInputs(project: string): string {
  const hash = createHash('sha256');
  const entries = globSync(INPUTS, { cwd: project, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  for (const path of paths) {
    const content = readFileSync(path);
    hash.update(`${path.slice(project.length)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}
