import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Accelerator } from '../qemu/accelerators.ts';
import { type Limits, limitsInside, limitsOutside, PRLIMIT } from '../qemu/limits.ts';

/** What one process may see and use. Everything else of the host does not exist for it. */
export interface JailSpec {
  /** Path inside → host folder or file, read-only. */
  readonly readable: Readonly<Record<string, string>>;
  readonly writable: Readonly<Record<string, string>>;
  readonly accelerator: Accelerator;
  /**
   * Host uid and gid the process runs as. `{uid}`: one that its supervisor finds. null: the one that started the server
   * (an ordinary user).
   */
  readonly uid: number | '{uid}' | null;
  /** Further groups of that user, e.g. the one that may open /dev/kvm. */
  readonly groups?: readonly number[];
  readonly limits: Limits;
  /** As nice(1) has it. */
  readonly niceness: number;
  /** Folder of a control group that it enters first: see cgroups.ts. */
  readonly cgroup?: string;
  /**
   * Inherited descriptor from which the seccomp filter is read to its end. Those above it, whoever left them open, are
   * closed.
   */
  readonly filterFd: number;
}

/**
 * A reserved range, so that no two machines share a host user. It is above every range that systemd and subuid files
 * hand out: https://systemd.io/UIDS-GIDS/
 */
export const MACHINE_UIDS = { first: 1_900_000_000, count: 65_536 } as const;

/**
 * The command line that runs `command` in a jail: limits first, then an unprivileged user, then namespaces of its own
 * (user, mount, pid, ipc, network, uts, cgroup) in which only what QEMU loads and the given paths exist, and no further
 * namespaces can be made, then the filter. It needs a session of its own (spawn's `detached`).
 */
export function jailed(command: readonly string[], spec: JailSpec): string[] {
  return [
    ...prepared(spec),
    ...limitsOutside(spec.limits),
    ...(spec.uid === null
      ? []
      : ['setpriv', `--reuid=${spec.uid}`, `--regid=${spec.uid}`, groups(spec), '--bounding-set=-all', '--']),
    ...['bwrap', '--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--cap-drop', 'ALL'],
    ...['--clearenv', '--setenv', 'PATH', '/usr/bin', ...FRUGAL_ALLOCATOR, '--hostname', 'jail', '--chdir', '/'],
    ...NEEDED_FILES.flatMap((path) => ['--ro-bind', path, path]),
    ...QEMU_FILES.flatMap((path) => ['--ro-bind-try', path, path]),
    ...[...systemLinks(), '--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
    // No /proc: QEMU does without, and inside a container a new one may not be mounted.
    ...['--dev', '/dev', '--size', TMP_BYTES, '--tmpfs', '/tmp'],
    ...spec.accelerator.devices.flatMap((device) => ['--dev-bind', device, device]),
    ...Object.entries(spec.readable).flatMap(([inside, host]) => ['--ro-bind', host, inside]),
    ...Object.entries(spec.writable).flatMap(([inside, host]) => ['--bind', host, inside]),
    // Both are file systems in the host's memory, without a limit: what was just put there may be used, not added to.
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--seccomp', String(spec.filterFd)],
    '--',
    ...limitsInside(spec.limits),
    ...command,
  ];
}

/** 1 MiB; QEMU puts nothing there. */
const TMP_BYTES = '1048576';

/** No shell, no interpreter and nothing setuid is among them: what breaks out finds no program to start. */
const NEEDED_FILES = [PRLIMIT, '/usr/lib/x86_64-linux-gnu', '/usr/lib64'];
/** Optional for the jail, not for QEMU: which package brings what differs by distribution. */
const QEMU_FILES = ['/usr/bin/qemu-system-x86_64', '/usr/share/qemu', '/usr/share/seabios', '/usr/lib/ipxe'];

/** perl is part of every Debian. */
const prepared = ({ filterFd, niceness, cgroup = '-' }: JailSpec): string[] => [
  'perl',
  join(import.meta.dirname, 'prepare.pl'),
  String(filterFd),
  String(niceness),
  cgroup,
];

/** glibc's knobs: what QEMU frees is given back instead of kept for later. */
const FRUGAL_ALLOCATOR = [
  ...['--setenv', 'MALLOC_ARENA_MAX', '1'],
  ...['--setenv', 'MALLOC_MMAP_THRESHOLD_', '65536', '--setenv', 'MALLOC_TRIM_THRESHOLD_', '65536'],
];

const groups = ({ groups = [] }: JailSpec): string =>
  groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`;

/** /lib and the like are links into /usr on every system we support. */
function systemLinks(): string[] {
  return ['/bin', '/lib', '/lib64'].flatMap((path) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat?.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : [];
  });
}
