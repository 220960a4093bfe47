import type { Accelerator } from './accelerators.ts';

/** Limits of the kernel's own on one machine's process. They hold on every host, for every user, without cgroups. */
export interface Limits {
  /** Everything mapped: the guest's memory, translated code, heap, stacks, libraries. */
  readonly addressSpaceBytes: number;
  /** No file it writes may grow beyond this. */
  readonly fileBytes: number;
  readonly openFiles: number;
  readonly threads: number;
}

/** Server and site get processor time first, then machines in which people work, then those being prepared for them. */
export const NICENESS = { machine: 10, draft: 15 } as const;

const MIB = 1024 * 1024;
/** QEMU has seven besides its disk workers, of which it makes 64 at most. */
const MAX_THREADS = 128;
const MAX_OPEN_FILES = 512;

export interface MachineSize {
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  /** No file it writes may grow beyond this. */
  readonly maxFileBytes: number;
}

/** The only formula for what a machine may take: its guest's memory and what its accelerator adds. */
export function machineLimits({ accelerator, memoryMib, maxFileBytes }: MachineSize): Limits {
  return {
    addressSpaceBytes: (memoryMib + accelerator.ownAddressSpaceMib) * MIB,
    fileBytes: maxFileBytes,
    openFiles: MAX_OPEN_FILES,
    threads: MAX_THREADS,
  };
}

/** Before the jail: what bubblewrap may be held to as well. No core dumps, no locked memory, no queues, no real time. */
export const limitsOutside = ({ addressSpaceBytes, fileBytes, openFiles }: Limits): string[] =>
  prlimit({
    core: 0,
    memlock: 0,
    msgqueue: 0,
    rtprio: 0,
    nofile: openFiles,
    fsize: fileBytes,
    as: addressSpaceBytes,
  });

/**
 * In the jail: there the kernel counts the threads of its user namespace. Outside it would count every process of the
 * user, all that an ordinary person has open included.
 */
export const limitsInside = ({ threads }: Limits): string[] => prlimit({ nproc: threads });

/** The program that both use; to be seen in the jail. */
export const PRLIMIT = '/usr/bin/prlimit';

const prlimit = (limits: Readonly<Record<string, number>>): string[] => [
  PRLIMIT,
  ...Object.entries(limits).map(([name, value]) => `--${name}=${value}:${value}`),
  '--',
];
