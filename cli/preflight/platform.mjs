import { readFileSync } from 'node:fs';
import { Stop } from './stop.mjs';

/**
 * @typedef {object} Platform
 * @property {string} name as the system calls itself
 * @property {'debian' | 'ubuntu' | 'other'} family what decides package names and where QEMU comes from
 * @property {string} codename e.g. bookworm
 * @property {boolean} supported false: nobody has tried it
 */

/** The releases that `npm start` is meant for. Ubuntu's has not been tried yet; README says so. */
const SUPPORTED = ['debian 12', 'debian 13', 'ubuntu 24.04'];

/**
 * @param {string} text contents of /etc/os-release
 * @returns {Record<string, string>}
 */
export function parseOsRelease(text) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim());
    if (match === null) continue;
    const [, name = '', doubleQuoted, singleQuoted, plain] = match;
    fields[name] = doubleQuoted || singleQuoted || plain || '';
  }
  return fields;
}

/**
 * @param {Record<string, string>} fields of /etc/os-release
 * @returns {Platform | undefined} undefined: not of the Debian family, so apt cannot help
 */
export function recognise(fields) {
  const id = fields.ID || '';
  const kin = [id, ...(fields.ID_LIKE || '').split(' ')];
  if (!kin.includes('debian') && !kin.includes('ubuntu')) return undefined;
  return {
    name: fields.PRETTY_NAME || id,
    family: id === 'debian' || id === 'ubuntu' ? id : 'other',
    codename: fields.VERSION_CODENAME || '',
    supported: SUPPORTED.includes(`${id} ${fields.VERSION_ID}`),
  };
}

/** Stops where Drydock cannot run. @returns {Platform} */
export function requirePlatform() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Stop({
      what: `Drydock runs on Linux on x86-64 only; this is ${process.platform} on ${process.arch}.`,
      fix: 'Use a virtual machine or a server with Debian 13, Debian 12 or Ubuntu 24.04 on x86-64.',
    });
  }
  const platform = recognise(parseOsRelease(readOsRelease()));
  if (platform === undefined) {
    throw new Stop({
      what: 'This Linux is not of the Debian family, and Drydock installs what it needs with apt.',
      fix: 'Use Debian 13, Debian 12 or Ubuntu 24.04, for instance in a virtual machine.',
    });
  }
  return platform;
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
