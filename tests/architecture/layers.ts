/** Which part of the project a file belongs to, and which other parts it may import. */

interface Layer {
  readonly name: string;
  /** Files whose path starts with one of these; the first layer that matches has the file. */
  readonly paths: readonly string[];
  /** Names of layers, besides itself, that it may import. */
  readonly mayImport: readonly string[];
  /** Importing Node's own modules is allowed unless this is false. */
  readonly node?: false;
}

const SERVER_BASICS = ['protocol', 'lab format', 'server basics'];
const ON_QEMU = [...SERVER_BASICS, 'qemu'];
const DRIVERS = ['qemu', 'local driver', 'fake driver', 'docker driver'];

/** docs/architecture.md in a form that a test can read. */
export const LAYERS: readonly Layer[] = [
  { name: 'protocol', paths: ['protocol/'], mayImport: [], node: false },
  { name: 'lab format', paths: ['labs/format/'], mayImport: ['protocol'] },

  { name: 'page', paths: ['src/client/'], mayImport: ['protocol', 'page text'], node: false },
  { name: 'page text', paths: ['src/text/'], mayImport: ['protocol'], node: false },
  {
    name: 'site',
    paths: ['src/', 'content/', 'astro.config.mjs'],
    mayImport: ['page', 'page text', 'protocol', 'lab format'],
  },

  { name: 'qemu', paths: ['sandbox-server/machines/qemu/'], mayImport: [...SERVER_BASICS, 'driver port'] },
  { name: 'local driver', paths: ['sandbox-server/machines/local/'], mayImport: [...ON_QEMU, 'driver port'] },
  { name: 'fake driver', paths: ['sandbox-server/machines/fake/'], mayImport: [...SERVER_BASICS, 'driver port'] },
  { name: 'docker driver', paths: ['sandbox-server/machines/docker/'], mayImport: [...ON_QEMU, 'driver port'] },
  { name: 'driver port', paths: ['sandbox-server/machines/'], mayImport: SERVER_BASICS },
  { name: 'images', paths: ['sandbox-server/images/'], mayImport: [...SERVER_BASICS, 'driver port', 'checks'] },
  { name: 'checks', paths: ['sandbox-server/checks/'], mayImport: [...SERVER_BASICS, 'driver port'] },
  { name: 'map', paths: ['sandbox-server/map/'], mayImport: [...SERVER_BASICS, 'driver port'] },
  {
    name: 'sandboxes',
    paths: ['sandbox-server/sandboxes/'],
    mayImport: [...SERVER_BASICS, 'driver port', 'checks', 'map'],
  },
  {
    name: 'attempts',
    paths: ['sandbox-server/attempts/'],
    mayImport: [...SERVER_BASICS, 'driver port', 'checks', 'map', 'sandboxes'],
  },
  {
    name: 'gateway',
    paths: ['sandbox-server/gateway/'],
    mayImport: [...SERVER_BASICS, 'sandboxes', 'attempts'],
  },
  { name: 'gate', paths: ['sandbox-server/gate/'], mayImport: [...ON_QEMU, 'docker driver', 'driver port'] },
  {
    name: 'compose',
    paths: ['compose.ts', 'local-machines.ts', 'docker-machines.ts', 'real-machines.ts'].map(
      (name) => `sandbox-server/${name}`,
    ),
    mayImport: [...SERVER_BASICS, ...DRIVERS, 'driver port', 'images'],
  },
  {
    name: 'main',
    paths: ['main.ts', 'server.ts', 'server-options.ts', 'open-attempts.ts', 'examinations.ts'].map(
      (name) => `sandbox-server/${name}`,
    ),
    mayImport: [
      ...[...SERVER_BASICS, ...DRIVERS, 'driver port', 'images', 'checks'],
      ...['sandboxes', 'attempts', 'gateway', 'compose'],
    ],
  },
  {
    name: 'server test support',
    paths: ['sandbox-server/testing/'],
    mayImport: [
      ...[...SERVER_BASICS, ...DRIVERS, 'driver port', 'checks'],
      ...['sandboxes', 'attempts', 'gateway', 'gate', 'main'],
    ],
  },
  { name: 'server basics', paths: ['sandbox-server/'], mayImport: ['protocol', 'lab format'] },

  // Runs before anything is installed, on a Node that cannot read TypeScript.
  {
    name: 'preflight',
    paths: ['cli/preflight/', 'cli/start.mjs', 'cli/test.mjs', 'cli/launch.mjs'],
    mayImport: ['progress'],
  },
  { name: 'progress', paths: ['cli/progress/'], mayImport: [] },
  {
    name: 'commands',
    paths: ['cli/'],
    mayImport: [
      ...['preflight', 'progress', ...SERVER_BASICS, ...DRIVERS, 'driver port'],
      ...['images', 'checks', 'sandboxes', 'attempts', 'gateway', 'gate', 'compose', 'main'],
      // The bench is a page like those of the server's own tests.
      'server test support',
    ],
  },
];
