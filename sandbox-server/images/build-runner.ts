import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DISK_BYTES } from '../machines/driver.ts';
import { debianMirror } from './apt-mirror.ts';
import type { Artefacts } from './artefacts.ts';
import { hash } from './hash.ts';
import { run } from './run-builder.ts';
import type { Preparation } from './templates.ts';

export interface RunnerOptions {
  readonly artefacts: Artefacts;
  /** The programs that run in it, by name: sandbox-server/machines/docker/runner. */
  readonly programsFolder: string;
  readonly onPrepare: (stage: 'runner', name: string) => Preparation;
  readonly signal?: AbortSignal;
}

/** The container image that machines run in: an archive of its root file system. */
export interface RunnerImage {
  readonly key: string;
  readonly archive: string;
  /** First line of its QEMU's --version: part of what a template fits. */
  readonly qemuVersion: string;
}

/** Raise it when something else is made of the same packages. */
const RUNNER_VERSION = 1;
/** The release whose QEMU is new enough to map a template read-only. */
const SUITE = 'trixie';
const PACKAGES = [
  'base-files',
  'libc6',
  'perl-base',
  'coreutils',
  'util-linux',
  'tar',
  'qemu-system-x86',
  'qemu-utils',
];
export const RUNNER_PROGRAMS = ['mux.pl', 'relay.pl', 'store.pl'];
/** All else in /usr/bin goes: what breaks out of a machine finds little to start, and no shell. */
const KEPT_PROGRAMS = ['cp', 'fallocate', 'perl', 'prlimit', 'qemu-system-x86_64', 'tar'];
/** Firmware of other computers, and what only people read. */
const UNUSED = [
  ...['doc', 'info', 'locale', 'man', 'bash-completion', 'icons', 'applications', 'lintian'].map(
    (name) => `/usr/share/${name}`,
  ),
  ...[
    '*.dtb',
    'hppa*',
    'keymaps',
    'openbios*',
    'opensbi*',
    'palcode*',
    'qboot*',
    's390*',
    'skiboot*',
    'slof*',
    'u-boot*',
    'QEMU*',
  ].map((name) => `/usr/share/qemu/${name}`),
  ...['/usr/sbin/*', '/usr/lib/qemu', '/usr/libexec', '/usr/include', '/var/lib/apt', '/var/lib/dpkg', '/var/cache'],
];

/** Made once and kept by the hash of what goes in. */
export async function ensureRunner(options: RunnerOptions): Promise<RunnerImage> {
  const { artefacts, onPrepare } = options;
  const key = await runnerKey(options.programsFolder);
  const folder = await artefacts.ensure({
    kind: 'images',
    key,
    make: async (folder) => {
      const { report, end } = onPrepare('runner', key);
      await build(options, folder, report);
      end();
    },
  });
  const qemuVersion = (await readFile(join(folder, 'qemu-version'), 'utf8')).split('\n')[0] ?? '';
  return { key, archive: join(folder, 'runner.tar'), qemuVersion };
}

export async function runnerKey(programsFolder: string): Promise<string> {
  const programs = await Promise.all(RUNNER_PROGRAMS.map((name) => readFile(join(programsFolder, name), 'utf8')));
  return `runner-${hash(`runner ${RUNNER_VERSION}`, SUITE, ...PACKAGES, ...KEPT_PROGRAMS, ...UNUSED, String(DISK_BYTES), ...programs)}`;
}

/** Packages are unpacked, not installed: no script of theirs runs, and nothing is there that they do not need. */
async function build({ programsFolder, signal }: RunnerOptions, folder: string, onProgress: (line: string) => void) {
  const archive = join(folder, 'runner.tar');
  const stop = signal && { signal };
  const mirror = await debianMirror();
  const args = [
    ...['--variant=extract', '--format=tar', `--include=${PACKAGES.join(',')}`, '--aptopt=Acquire::Languages "none"'],
    ...hooks(programsFolder).map((hook) => `--extract-hook=${hook}`),
  ];
  await run('mmdebstrap', [...args, SUITE, archive, ...(mirror ? [mirror] : [])], { onProgress, ...stop });
  await run('tar', ['-xf', archive, '-C', folder, '--strip-components=4', './usr/lib/drydock/qemu-version'], {
    onProgress,
    ...stop,
  });
  for (const name of ['runner.tar', 'qemu-version']) await chmod(join(folder, name), 0o444);
}

function hooks(programsFolder: string): string[] {
  const programs = RUNNER_PROGRAMS.map((name) => join(programsFolder, name));
  const kept = KEPT_PROGRAMS.map((name) => `! -name ${name}`).join(' ');
  return [
    'mkdir -p "$1/usr/lib/drydock"',
    `copy-in ${programs.join(' ')} /usr/lib/drydock`,
    'chmod 0444 "$1"/usr/lib/drydock/*.pl',
    `chroot "$1" qemu-img create -q -f qcow2 /usr/lib/drydock/empty.qcow2 ${DISK_BYTES}`,
    'chmod 0444 "$1/usr/lib/drydock/empty.qcow2"',
    'chroot "$1" qemu-system-x86_64 --version > "$1/usr/lib/drydock/qemu-version"',
    `rm -rf ${UNUSED.map((path) => `"$1"${path}`).join(' ')}`,
    `find "$1/usr/bin" ! -type d ${kept} -delete`,
    // Volumes are mounted there. A fresh one takes over owner and mode, and every machine is another user.
    'mkdir -p "$1/files" "$1/disk" "$1/draft" "$1/cable" "$1/run/machine" "$1/dev" "$1/proc" "$1/sys" "$1/tmp"',
    'chmod 1777 "$1/disk" "$1/draft" "$1/cable" "$1/tmp"',
  ];
}
