/**
 * @typedef {object} SourceEntry one enabled entry of apt's sources, whichever of the two formats it was written in
 * @property {string[]} types
 * @property {string[]} uris
 * @property {string[]} suites
 * @property {string[]} components
 * @property {[name: string, value: string][]} options everything else, named as in the deb822 format
 */

/** What sources.list(5) calls an option in a one-line entry, and what the same option is called in deb822. */
const DEB822_NAMES = new Map([
  ['arch', 'Architectures'],
  ['lang', 'Languages'],
  ['target', 'Targets'],
  ['pdiffs', 'PDiffs'],
  ['by-hash', 'By-Hash'],
  ['signed-by', 'Signed-By'],
  ['trusted', 'Trusted'],
  ['allow-insecure', 'Allow-Insecure'],
  ['allow-weak', 'Allow-Weak'],
  ['allow-downgrade-to-insecure', 'Allow-Downgrade-To-Insecure'],
  ['check-valid-until', 'Check-Valid-Until'],
  ['valid-until-min', 'Valid-Until-Min'],
  ['valid-until-max', 'Valid-Until-Max'],
  ['check-date', 'Check-Date'],
  ['date-max-future', 'Date-Max-Future'],
]);

/** @param {string} text */
const words = (text) => text.split(/\s+/).filter((word) => word !== '');

/**
 * @param {string} path decides the format: `.sources` is deb822, anything else one line per entry
 * @param {string} content
 * @returns {SourceEntry[]}
 */
export function parseSources(path, content) {
  return path.endsWith('.sources') ? parseStanzas(content) : parseLines(content);
}

/** @param {string} content @returns {SourceEntry[]} */
function parseLines(content) {
  /** @type {SourceEntry[]} */
  const entries = [];
  for (const line of content.split('\n')) {
    const match = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (match === null) continue;
    const [, type = '', options = '', uri = '', suite = '', components = ''] = match;
    entries.push({
      types: [type],
      uris: [uri],
      suites: [suite],
      components: words(components),
      options: words(options).map(parseLineOption),
    });
  }
  return entries;
}

/** @param {string} option e.g. `arch=amd64,i386` @returns {[string, string]} */
function parseLineOption(option) {
  const equals = option.indexOf('=');
  const name = option.slice(0, equals);
  return [
    DEB822_NAMES.get(name) || name,
    option
      .slice(equals + 1)
      .split(',')
      .join(' '),
  ];
}

/** @param {string} content @returns {SourceEntry[]} */
function parseStanzas(content) {
  /** @type {SourceEntry[]} */
  const entries = [];
  for (const stanza of content.split(/\n[ \t]*(?:\n|$)/)) {
    const fields = parseFields(stanza);
    /** @param {string} name */
    const field = (name) => fields.find(([key]) => key.toLowerCase() === name.toLowerCase());
    /** @param {string} name */
    const list = (name) => words((field(name) || ['', ''])[1]);
    if (list('URIs').length === 0 || /^(no|false|off|0)$/i.test(list('Enabled').join(''))) continue;
    entries.push({
      types: list('Types'),
      uris: list('URIs'),
      suites: list('Suites'),
      components: list('Components'),
      options: fields.filter(([key]) => !/^(types|uris|suites|components|enabled)$/i.test(key)),
    });
  }
  return entries;
}

/** Comments may stand between the fields; a value goes on over indented lines. @param {string} stanza */
function parseFields(stanza) {
  /** @type {[string, string][]} */
  const fields = [];
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const match = /^([^\s:]+):\s*(.*)$/.exec(line);
    const last = fields[fields.length - 1];
    if (match !== null) fields.push([match[1] || '', match[2] || '']);
    else if (/^\s/.test(line) && last !== undefined) last[1] += `\n${line}`;
  }
  return fields;
}
