import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const QEMU = 'qemu-system-';

/** QEMU processes that `ancestor` has started, at whatever distance. */
export function findMachineProcesses(ancestor: number): number[] {
  const parents = new Map<number, number>();
  const found: number[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    // Between name and parent there is a state; the name, in brackets, may hold anything.
    const [, command = '', parent] = /\((.*)\) \S (\d+)/s.exec(readOr(`/proc/${name}/stat`)) ?? [];
    if (parent === undefined) continue;
    parents.set(Number(name), Number(parent));
    if (command.startsWith(QEMU)) found.push(Number(name));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === ancestor || isBelow(parents.get(pid)));
  return found.filter((pid) => isBelow(parents.get(pid)));
}

/** What the kernel says is in force for a running process. */
export interface Bounds {
  readonly hostUid: number;
  /** Numbers in its namespaces, the outermost first. */
  readonly pids: number;
  readonly capabilities: bigint;
  readonly noNewPrivileges: boolean;
  readonly seccompFilters: number;
  readonly niceness: number;
  /** Null where the kernel does not schedule by session. */
  readonly sessionNiceness: number | null;
  readonly oomScore: number;
  /** Hard limits by their names in /proc/<pid>/limits; Infinity where there is none. */
  readonly limits: Readonly<Record<string, number>>;
  /** Namespaces that it shares with this process, as in /proc/<pid>/ns. */
  readonly sharedNamespaces: readonly string[];
}

export function readBounds(pid: number): Bounds {
  const status = Object.fromEntries(
    readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .map((line) => line.split(':\t') as [string, string]),
  );
  const field = (name: string): string => status[name]?.trim() ?? '';
  const sets = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => BigInt(`0x${field(name)}`));
  const session = /nice (-?\d+)/.exec(readOr(`/proc/${pid}/autogroup`))?.[1];
  return {
    hostUid: Number(field('Uid').split('\t')[0]),
    pids: field('NSpid').split('\t').length,
    capabilities: sets.reduce((all, set) => all | set, 0n),
    noNewPrivileges: field('NoNewPrivs') === '1',
    seccompFilters: Number(field('Seccomp_filters')),
    // Behind the name in brackets: state, parent, … niceness is the 17th.
    niceness: Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]),
    sessionNiceness: session === undefined ? null : Number(session),
    oomScore: Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8')),
    limits: readLimits(pid),
    sharedNamespaces: NAMESPACES.filter(
      (name) => readlinkSync(`/proc/${pid}/ns/${name}`) === readlinkSync(`/proc/self/ns/${name}`),
    ),
  };
}

const NAMESPACES = ['user', 'mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup'];

function readLimits(pid: number): Record<string, number> {
  const [, ...rows] = readFileSync(`/proc/${pid}/limits`, 'utf8').trimEnd().split('\n');
  return Object.fromEntries(
    rows.map((row) => {
      const [name = '', , hard = ''] = row.split(/ {2,}/);
      return [name, hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard)];
    }),
  );
}

/** Sockets that a process holds and that are not local ones. */
export function findForeignSockets(pid: number): string[] {
  const held = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOr(join(`/proc/${pid}/fd`, fd)))?.[1];
    return inode === undefined ? [] : [inode];
  });
  // Those inherited are in the network namespace that they were made in.
  const local = new Set([...localSockets('self'), ...localSockets(pid)]);
  return held.filter((inode) => !local.has(inode)).map((inode) => describeSocket(inode, pid));
}

function localSockets(pid: number | 'self'): string[] {
  const [, ...rows] = readOr(`/proc/${pid}/net/unix`).trimEnd().split('\n');
  return rows.map((row) => row.split(' ')[6] ?? '');
}

function describeSocket(inode: string, pid: number): string {
  const kinds = ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6', 'packet', 'netlink'];
  const places = ['self', pid];
  const kind = kinds.find((name) =>
    places.some((place) => readOr(`/proc/${place}/net/${name}`).split(/\s+/).includes(inode)),
  );
  return `${kind ?? 'unknown'} socket ${inode}`;
}

/** A process may end while it is looked at. */
function readOr(path: string, otherwise = ''): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

function linkOr(path: string, otherwise = ''): string {
  try {
    return readlinkSync(path);
  } catch {
    return otherwise;
  }
}
