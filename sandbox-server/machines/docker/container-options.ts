import type { ContainerCreateOptions, MountSettings } from 'dockerode';
import type { Accelerator } from '../qemu/accelerators.ts';
import type { Limits } from '../qemu/limits.ts';
import { INSIDE } from '../qemu/mounts.ts';
import { containerProfile } from './container-seccomp.ts';
import { CONTAINER, type ContainerKind, type DockerContext, FILES_VOLUME, LABELS } from './docker-context.ts';

export interface ContainerSpec {
  readonly kind: ContainerKind;
  readonly command: readonly string[];
  readonly accelerator: Accelerator;
  readonly user: number;
  readonly mounts: readonly MountSettings[];
  readonly limits: Limits;
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether it reads standard input, once. */
  readonly stdin?: boolean;
  /** Whether the engine removes it when it ends. Default: yes. */
  readonly autoRemove?: boolean;
}

/** mux, relay, what starts and carries them, and a program that copies. */
const PIDS_BESIDE_THREADS = 32;
/** A tenth of the weight that a container has by default, which is what server and site have. */
const CPU_SHARES = 102;
/** One virtual processor, and QEMU's own work beside it. */
const MOST_PROCESSORS = 2;
const NANO = 1e9;
/** Ends a machine before anything else when memory runs short. */
const OOM_SCORE = 800;

/** glibc's knobs: what QEMU frees is given back instead of kept for later. */
const FRUGAL_ALLOCATOR = ['MALLOC_ARENA_MAX=1', 'MALLOC_MMAP_THRESHOLD_=65536', 'MALLOC_TRIM_THRESHOLD_=65536'];

/** A container that may do as little as a jail of the local driver: docs/decisions/docker-driver.md has the list. */
export function containerOptions(
  { runner, owner, processors, groups }: Pick<DockerContext, 'runner' | 'owner' | 'processors' | 'groups'>,
  { kind, command, accelerator, user, mounts, limits, labels = {}, stdin = false, autoRemove = true }: ContainerSpec,
): ContainerCreateOptions {
  return {
    Image: runner.image,
    Cmd: [...command],
    User: `${user}:${user}`,
    WorkingDir: '/',
    // An engine that stops would wait ten seconds for a first process that hears of no other signal.
    StopSignal: 'SIGKILL',
    Env: FRUGAL_ALLOCATOR,
    Labels: { [LABELS.owner]: owner, [LABELS.kind]: kind, ...labels },
    ...(stdin && { OpenStdin: true, StdinOnce: true, AttachStdin: true }),
    AttachStdout: stdin,
    AttachStderr: stdin,
    HostConfig: {
      AutoRemove: autoRemove,
      NetworkMode: 'none',
      IpcMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges', `seccomp=${containerProfile(accelerator)}`],
      ...(accelerator.devices.length > 0 && {
        Devices: accelerator.devices.map((path) => ({
          PathOnHost: path,
          PathInContainer: path,
          CgroupPermissions: 'rw',
        })),
        GroupAdd: groups.map(String),
      }),
      Mounts: [...mounts],
      Tmpfs: { [INSIDE.run]: `rw,noexec,nosuid,nodev,size=64k,nr_inodes=64,mode=0700,uid=${user},gid=${user}` },
      ...limited(limits, processors),
      // What a machine's container prints is heard by its mux, or by whoever started it.
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}

function limited({ addressSpaceBytes, fileBytes, openFiles, threads }: Limits, processors: number) {
  const ulimit = (Name: string, value: number) => ({ Name, Soft: value, Hard: value });
  return {
    Memory: addressSpaceBytes,
    // No more with swap than without.
    MemorySwap: addressSpaceBytes,
    PidsLimit: threads + PIDS_BESIDE_THREADS,
    CpuShares: CPU_SHARES,
    NanoCpus: Math.min(MOST_PROCESSORS, processors) * NANO,
    OomScoreAdj: OOM_SCORE,
    Ulimits: [ulimit('core', 0), ulimit('fsize', fileBytes), ulimit('nofile', openFiles)],
  };
}

/** The engine's store. */
export const filesMount = ({ isWritable }: { readonly isWritable: boolean }): MountSettings => ({
  ...{ Type: 'volume', Source: FILES_VOLUME, Target: CONTAINER.files, ReadOnly: !isWritable },
});

/** A volume that goes with its container; labelled, for an engine that forgets that. */
export function ownVolume(target: string, owner: string): MountSettings {
  const Labels = { [LABELS.owner]: owner, [LABELS.kind]: 'disk' };
  return {
    Type: 'volume',
    Source: '',
    Target: target,
    VolumeOptions: { NoCopy: false, Labels, DriverConfig: NO_DRIVER },
  };
}

const NO_DRIVER = { Name: '', Options: {} };
