import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SCRIPT = /<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*?)<\/script>/gi;

/**
 * CSP hashes of the scripts that stand inside the built pages. One list for all pages: client-side navigation swaps
 * in another page's scripts under the policy of the page that was loaded first.
 */
export async function inlineScriptHashes(siteFolder: string): Promise<readonly string[]> {
  const hashes = new Set<string>();
  for await (const file of glob('**/*.html', { cwd: siteFolder })) {
    for (const hash of hashesIn(await readFile(join(siteFolder, file), 'utf8'))) hashes.add(hash);
  }
  return [...hashes].sort();
}

export function hashesIn(html: string): string[] {
  return [...html.matchAll(SCRIPT)]
    .filter(([, attributes = '']) => !/\bsrc\s*=/i.test(attributes))
    .map(([, , code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
}
