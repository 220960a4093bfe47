import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { debianMirror } from '../../sandbox-server/images/apt-mirror.ts';
import type { Artefacts } from '../../sandbox-server/images/artefacts.ts';
import { hash } from '../../sandbox-server/images/hash.ts';
import { run } from '../../sandbox-server/images/run-builder.ts';

/** Raise it when something else is made of the same packages. */
const BASE_VERSION = 1;
const SUITE = 'trixie';
/** Beside what every Debian has: flock, tar and sh are among that. */
const PACKAGES = ['libstdc++6'];
/** Nobody's on a usual host, and no machine's. */
export const USER = 10_001;
/** Volumes are mounted there; a fresh one takes over the owner. */
const FOLDERS = ['/var/cache/drydock', '/var/lib/drydock'];

export interface Base {
  readonly key: string;
  /** Its root file system. */
  readonly archive: string;
}

/** What Drydock's own container is made from: Debian packages and this Node. No registry is asked. */
export async function ensureBase(artefacts: Artefacts, node: string, report: (line: string) => void): Promise<Base> {
  const hooks = hooksFor(node);
  const key = `base-${hash(`base ${BASE_VERSION}`, SUITE, ...PACKAGES, process.version, ...hooks)}`;
  const folder = await artefacts.ensure({
    ...{ kind: 'images', key },
    make: async (folder) => {
      const archive = join(folder, 'base.tar');
      const mirror = await debianMirror();
      const args = ['--variant=essential', '--format=tar', `--include=${PACKAGES.join(',')}`];
      const quiet = ['--aptopt=Acquire::Languages "none"', '--dpkgopt=path-exclude=/usr/share/locale/*'];
      const small = ['man', 'doc', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
      const made = [...args, ...quiet, ...small, ...hooks.map((hook) => `--customize-hook=${hook}`)];
      await run('mmdebstrap', [...made, SUITE, archive, ...(mirror ? [mirror] : [])], { onProgress: report });
      await chmod(archive, 0o444);
    },
  });
  return { key, archive: join(folder, 'base.tar') };
}

function hooksFor(node: string): string[] {
  return [
    `copy-in ${node} /usr/local/bin`,
    `echo "drydock:x:${USER}:${USER}::/var/lib/drydock:/usr/sbin/nologin" >> "$1/etc/passwd"`,
    `echo "drydock:x:${USER}:" >> "$1/etc/group"`,
    `for folder in ${FOLDERS.join(' ')}; do install -d -m 0750 -o ${USER} -g ${USER} "$1$folder"; done`,
    'rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*',
  ];
}
