import { existsSync } from 'node:fs';
import { userId } from '../cache-folder.mjs';
import { findProgram, runCommand } from '../command.mjs';
import { findVersion, isAtLeast } from '../version.mjs';

/**
 * Something the system must provide. It is judged by what it does, so a self-built QEMU is as good as a package.
 *
 * @typedef {object} Requirement
 * @property {string} what
 * @property {string} why in one clause, shown before anything is installed
 * @property {string[]} packages
 * @property {boolean} [newerThanBookworm] Debian 12's own is too old; its backports have it
 * @property {boolean} [runsMachines] needed only where the machines themselves run
 * @property {string[]} [services] what the packages would start, and nobody asked for
 * @property {() => Promise<string | undefined>} findLack what is wrong; undefined when nothing is
 */

/** `rom=off` (a template mapped read-only) came with this release. */
const OLDEST_QEMU = '8.2';

/** @type {readonly Requirement[]} */
export const SERVING = [
  {
    what: `QEMU ${OLDEST_QEMU} or newer`,
    why: 'runs the virtual machines',
    packages: ['qemu-system-x86'],
    newerThanBookworm: true,
    runsMachines: true,
    findLack: findQemuLack,
  },
  {
    what: 'qemu-img',
    why: 'makes their disks',
    packages: ['qemu-utils'],
    newerThanBookworm: true,
    runsMachines: true,
    findLack: () => program('qemu-img'),
  },
  {
    what: 'bubblewrap',
    why: 'jails each virtual machine',
    packages: ['bubblewrap'],
    runsMachines: true,
    findLack: () => program('bwrap'),
  },
  {
    what: 'setpriv and flock',
    why: 'take rights away from each virtual machine; let two starts wait for each other',
    packages: ['util-linux'],
    findLack: async () => (await program('setpriv')) || program('flock'),
  },
  {
    what: 'mmdebstrap',
    why: 'builds the image that the machines boot',
    packages: ['mmdebstrap'],
    findLack: () => program('mmdebstrap'),
  },
  {
    what: 'newuidmap',
    why: 'lets an ordinary user build that image',
    packages: ['uidmap'],
    findLack: async () => (userId() === 0 ? undefined : program('newuidmap')),
  },
  {
    what: 'mkfs.ext4 and debugfs',
    why: "make and read the image's file system",
    packages: ['e2fsprogs'],
    findLack: async () => (await program('mkfs.ext4')) || program('debugfs'),
  },
  {
    what: 'mount',
    why: 'used while the image is built',
    packages: ['mount'],
    findLack: () => program('mount'),
  },
  {
    what: "Debian's signing keys",
    why: 'prove that what goes into the image is from Debian',
    packages: ['debian-archive-keyring'],
    findLack: () => file('/usr/share/keyrings/debian-archive-keyring.gpg'),
  },
];

/** Where machines run on a Docker Engine. */
export const BUILDING = SERVING.filter(({ runsMachines = false }) => !runsMachines);

/** @type {readonly Requirement[]} */
const FONTS = [
  {
    what: 'a font with Chinese characters',
    why: 'screenshots and layout checks',
    packages: ['fonts-noto-cjk', 'fontconfig'],
    findLack: () => font(':lang=zh-cn'),
  },
  {
    what: 'a font with emoji',
    why: 'screenshots and layout checks',
    packages: ['fonts-noto-color-emoji', 'fontconfig'],
    findLack: () => font(':lang=und-zsye'),
  },
];

/** @type {Requirement} */
const CHROMIUM = {
  what: 'Chromium',
  why: 'the browser tests',
  packages: ['chromium'],
  findLack: () => program('chromium'),
};

/** Started by the tests themselves, each on a socket and folder of its own. @type {Requirement} */
const DOCKERD = {
  what: 'dockerd',
  why: 'the tests of machines on a Docker Engine, which start one of their own',
  packages: ['docker.io'],
  services: ['docker.service', 'docker.socket', 'containerd.service'],
  findLack: async () => (await program('dockerd')) && file('/usr/sbin/dockerd'),
};

/**
 * What the checks need beyond serving. Ubuntu's chromium is a snap, which cannot be driven; Playwright brings its own
 * there (see playwright-browser.mjs).
 *
 * @param {import('../platform.mjs').Platform} platform
 * @returns {readonly Requirement[]}
 */
export function testing(platform) {
  const engine = process.env.ENGINE_TESTS ? [DOCKERD] : [];
  return platform.family === 'debian' ? [CHROMIUM, ...engine, ...FONTS] : [...engine, ...FONTS];
}

/** @param {readonly Requirement[]} requirements */
export async function findLacking(requirements) {
  const lacks = await Promise.all(requirements.map(({ findLack }) => findLack()));
  return requirements
    .map((requirement, index) => ({ requirement, lack: lacks[index] || '' }))
    .filter(({ lack }) => lack !== '');
}

async function findQemuLack() {
  const path = findProgram('qemu-system-x86_64');
  if (path === undefined) return 'not installed';
  const { output } = await runCommand([path, '--version']);
  const version = findVersion(output);
  if (version === undefined) return 'does not start';
  return isAtLeast(version, OLDEST_QEMU) ? undefined : `too old (${version})`;
}

/** @param {string} name */
async function program(name) {
  return findProgram(name) === undefined ? 'not installed' : undefined;
}

/** @param {string} path */
async function file(path) {
  return existsSync(path) ? undefined : 'not installed';
}

/** @param {string} pattern of fontconfig */
async function font(pattern) {
  const list = findProgram('fc-list');
  if (list === undefined) return 'not installed';
  const { output } = await runCommand([list, pattern, 'family']);
  return output.trim() === '' ? 'not installed' : undefined;
}
