import { lstatSync, readlinkSync } from 'node:fs';
import type { Accelerator } from './accelerators.ts';

/** What one process may see and use. Everything else of the host does not exist for it. */
export interface JailSpec {
  /** Path inside → host folder, read-only. */
  readonly readable: Readonly<Record<string, string>>;
  readonly writable: Readonly<Record<string, string>>;
  readonly accelerator: Accelerator;
  /** Host uid and gid the process runs as; null: the one that started the server (an ordinary user). */
  readonly uid: number | null;
  /** Further groups of that user, e.g. the one that may open /dev/kvm. */
  readonly groups?: readonly number[];
  /** No file it writes may grow beyond this. */
  readonly maxFileBytes: number;
}

/**
 * A reserved range, so that no two machines share a host user. It is above every range that systemd and subuid files
 * hand out: https://systemd.io/UIDS-GIDS/
 */
export const MACHINE_UIDS = { first: 1_900_000_000, count: 65_536 } as const;

/**
 * The command line that runs `command` in a jail: limits first, then an unprivileged user, then namespaces of its own
 * (user, mount, pid, ipc, network, uts, cgroup) in which only /usr and the given folders exist.
 */
export function jailed(command: readonly string[], spec: JailSpec): string[] {
  return [
    ...PREPARED,
    ...['prlimit', '--core=0:0', '--nofile=512:512', `--fsize=${spec.maxFileBytes}:${spec.maxFileBytes}`, '--'],
    ...(spec.uid === null
      ? []
      : ['setpriv', `--reuid=${spec.uid}`, `--regid=${spec.uid}`, groups(spec), '--bounding-set=-all', '--']),
    ...['bwrap', '--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'],
    ...['--setenv', 'PATH', '/usr/bin', ...FRUGAL_ALLOCATOR, '--hostname', 'jail', '--chdir', '/'],
    ...['--ro-bind', '/usr', '/usr', ...systemLinks(), '--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
    // No /proc: QEMU does without, and inside a container a new one may not be mounted.
    ...['--dev', '/dev', '--size', TMP_BYTES, '--tmpfs', '/tmp'],
    ...spec.accelerator.devices.flatMap((device) => ['--dev-bind', device, device]),
    ...Object.entries(spec.readable).flatMap(([inside, host]) => ['--ro-bind', host, inside]),
    ...Object.entries(spec.writable).flatMap(([inside, host]) => ['--bind', host, inside]),
    // Both are file systems in the host's memory, without a limit: what was just put there may be used, not added to.
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    '--',
    ...command,
  ];
}

/** 1 MiB; QEMU puts nothing there. */
const TMP_BYTES = '1048576';

/**
 * Two things inherited by everything started from here. prctl(PR_SET_THP_DISABLE): with huge pages, what is touched once
 * takes two megabytes. SIGXFSZ ignored: a disk that has grown to its limit is an
 * error for the guest that writes, not the end of its machine. No tool sets them; perl is part of every Debian.
 */
const PREPARED = [
  'perl',
  '-e',
  '$SIG{XFSZ} = "IGNORE"; syscall 157, 41, 1, 0, 0, 0; exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!"',
];

/** glibc's knobs: what QEMU frees is given back instead of kept for later. */
const FRUGAL_ALLOCATOR = [
  ...['--setenv', 'MALLOC_ARENA_MAX', '1'],
  ...['--setenv', 'MALLOC_MMAP_THRESHOLD_', '65536', '--setenv', 'MALLOC_TRIM_THRESHOLD_', '65536'],
];

const groups = ({ groups = [] }: JailSpec): string =>
  groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`;

/** /bin, /lib and the like are links into /usr on every system we support. */
function systemLinks(): string[] {
  return ['/bin', '/sbin', '/lib', '/lib64'].flatMap((path) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat?.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : [];
  });
}
