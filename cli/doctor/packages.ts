import { readFileSync } from 'node:fs';
import type { Lack } from '../preflight/system/install-lacking.mjs';
import { findLacking, type Requirement, SERVING } from '../preflight/system/requirements.mjs';
import { type Finding, good, lack } from './finding.ts';

export async function examinePackages(codename: string, needed = SERVING): Promise<Finding[]> {
  return judgePackages(needed, await findLacking(needed), codename);
}

export function judgePackages(all: readonly Requirement[], lacking: readonly Lack[], codename: string): Finding[] {
  const missing = new Set(lacking.map(({ requirement }) => requirement.what));
  const there = all.map(({ what }) => what).filter((what) => !missing.has(what));
  return [
    ...(there.length > 0 ? [good('installed', there.join(', '))] : []),
    ...lacking.map((one) => judgeLack(one, codename)),
  ];
}

function judgeLack({ requirement, lack: wrong }: Lack, codename: string): Finding {
  const { what, why, packages } = requirement;
  const backports =
    codename === 'bookworm' && requirement.newerThanBookworm === true ? `-t ${codename}-backports ` : '';
  const needed = backports === '' ? '' : ` (with ${codename}-backports among apt's sources)`;
  return lack(
    'missing',
    `${what}: ${wrong}; ${why}.`,
    `"npm start" installs it, as root or with sudo. By hand, as root${needed}:\n` +
      `  apt-get install --no-install-recommends ${backports}${packages.join(' ')}`,
  );
}

export function judgeQemu(version: string | undefined): Finding[] {
  return version === undefined ? [] : [good('QEMU', version.replace(/^QEMU emulator version /, ''))];
}

/** What an ordinary user needs to build an image: a range of user ids to own its files. */
export function judgeSubordinateIds(user: { name: string; uid: number }, table: string): Finding {
  const owners = table.split('\n').map((line) => line.split(':')[0]);
  if (owners.includes(user.name) || owners.includes(String(user.uid))) {
    return good('user ids', `${user.name} has a range of its own in /etc/subuid, to build images with.`);
  }
  return lack(
    'user ids',
    `${user.name} has no range in /etc/subuid, and so cannot build an image.`,
    'Give it one that no other line has (as root), for instance:\n' +
      `  usermod --add-subuids 200000-265535 --add-subgids 200000-265535 ${user.name}`,
  );
}

export function readSubordinateIds(): string {
  try {
    return readFileSync('/etc/subuid', 'utf8');
  } catch {
    return '';
  }
}
