import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The Debian mirror this host's apt already uses, so that what reaches it reaches ours too. Null on other systems and
 * where none is found: mmdebstrap then uses Debian's own.
 */
export async function debianMirror(etc = '/etc'): Promise<string | null> {
  const release = await readFile(join(etc, 'os-release'), 'utf8').catch(() => '');
  if (!/^ID=debian$/m.test(release)) return null;
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? '';
  const folder = join(etc, 'apt/sources.list.d');
  const names = (await readdir(folder).catch(() => [])).sort().map((name) => join(folder, name));
  for (const path of [join(etc, 'apt/sources.list'), ...names]) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const mirror = path.endsWith('.sources') ? mirrorInStanzas(text, codename) : mirrorInLines(text, codename);
    if (mirror) return mirror;
  }
  return null;
}

function mirrorInStanzas(text: string, codename: string): string | null {
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, 'mi').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    if (field('Enabled')[0] !== 'no' && field('Types').includes('deb') && field('Suites').includes(codename)) {
      return field('URIs')[0] ?? null;
    }
  }
  return null;
}

function mirrorInLines(text: string, codename: string): string | null {
  for (const line of text.split('\n')) {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s/.exec(line);
    if (match?.[2] === codename) return match[1] ?? null;
  }
  return null;
}
