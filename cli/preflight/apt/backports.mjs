import { parseSources } from './source-entry.mjs';

/** @typedef {{ path: string, content: string }} SourceFile */

/**
 * Where backports come from: the place the release itself comes from, signed by the same key. No address is known to
 * Drydock, so a mirror stays a mirror.
 *
 * @param {readonly SourceFile[]} files apt's sources as they are
 * @param {string} codename of the release, e.g. bookworm
 * @returns {{ state: 'present' } | { state: 'underivable' } | { state: 'missing', content: string }}
 */
export function deriveBackports(files, codename) {
  const entries = files
    .map((file) => parseSources(file.path, file.content))
    .reduce((all, some) => all.concat(some), [])
    .filter((entry) => entry.types.includes('deb') && entry.components.includes('main'));
  const suite = `${codename}-backports`;
  if (entries.some((entry) => entry.suites.includes(suite))) return { state: 'present' };
  const release = entries.find((entry) => entry.suites.includes(codename));
  if (release === undefined) return { state: 'underivable' };
  const fields = [
    ['Types', 'deb'],
    ['URIs', release.uris.join(' ')],
    ['Suites', suite],
    ['Components', 'main'],
    ...release.options,
  ];
  const lines = fields.map(([name, value]) => `${name}: ${value}`);
  return { state: 'missing', content: `# Written by Drydock: QEMU 8.2 or newer.\n${lines.join('\n')}\n` };
}
