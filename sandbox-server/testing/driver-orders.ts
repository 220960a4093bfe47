import type { ContainerCreateOptions, MountSettings } from 'dockerode';
import { ASK_DEVICE_GROUP, MUX, STORE } from '../machines/docker/container-commands.ts';
import { type ContainerSpec, containerOptions, filesMount, ownVolume } from '../machines/docker/container-options.ts';
import { HELPER_MEMORY_MIB, PROBE_MEMORY_MIB, UNBOUNDED_FILE_BYTES } from '../machines/docker/container-sizes.ts';
import { CONTAINER, type ContainerKind, LABELS } from '../machines/docker/docker-context.ts';
import { CABLE_MEMORY, cableMount } from '../machines/docker/shared-cable.ts';
import { ACCELERATORS, type AcceleratorName } from '../machines/qemu/accelerators.ts';
import { machineLimits } from '../machines/qemu/limits.ts';
import { INSIDE } from '../machines/qemu/mounts.ts';

/** As a server says it of itself. */
export const SERVER = '0123456789ab';
export const IMAGE = 'drydock-runner:0123456789abcdef';
export const CABLE = 'drydock-cable-0123456789abcdef';
export const FILES = { Driver: 'local', Labels: { [LABELS.kind]: 'files' }, Options: null };
export const cableOf = (owner: string) => ({
  ...{ Driver: 'local', Labels: { [LABELS.owner]: owner, [LABELS.kind]: 'cable' }, Options: CABLE_MEMORY },
});

interface Wanted {
  readonly accelerator?: AcceleratorName;
  readonly hasCable?: boolean;
  readonly image?: string;
  /** Default: as the driver's. */
  readonly command?: readonly string[];
}

const MACHINE_MIB = 768;
const OVERLAY_BYTES = 3 * 1024 ** 3;

/** What the driver asks for, by its own function. */
export function driverOrder(kind: ContainerKind, wanted: Wanted = {}): ContainerCreateOptions {
  const accelerator = ACCELERATORS[wanted.accelerator ?? (kind === 'probe' ? 'kvm' : 'tcg')];
  const files = filesMount({ isWritable: kind === 'helper' });
  const cable: MountSettings[] = wanted.hasCable ? [cableMount(CABLE)] : [];
  const sizes = (memoryMib: number, maxFileBytes: number) => machineLimits({ accelerator, memoryMib, maxFileBytes });
  const machine = { user: 1_900_000_007, labels: { [LABELS.machine]: 'a-1' }, autoRemove: true };
  const specs: Readonly<Record<ContainerKind, Omit<ContainerSpec, 'kind' | 'accelerator'>>> = {
    machine: {
      ...{ ...machine, command: [...MUX, 'niceness=10'], limits: sizes(MACHINE_MIB, OVERLAY_BYTES) },
      mounts: [files, ownVolume(CONTAINER.disk, SERVER), ...cable],
    },
    draft: {
      ...{ ...machine, command: [...MUX, 'niceness=15'], limits: sizes(MACHINE_MIB, UNBOUNDED_FILE_BYTES) },
      mounts: [files, ownVolume(INSIDE.draft, SERVER), ...cable],
    },
    helper: {
      ...{ user: 0, command: [...STORE, 'list'], mounts: [files], stdin: true },
      limits: sizes(HELPER_MEMORY_MIB, UNBOUNDED_FILE_BYTES),
    },
    probe: {
      ...{ user: 20_001, command: ASK_DEVICE_GROUP, mounts: [], stdin: true },
      limits: sizes(PROBE_MEMORY_MIB, 0),
    },
  };
  const spec = { ...specs[kind], ...(wanted.command && { command: wanted.command }) };
  const runner = { image: wanted.image ?? IMAGE, qemuVersion: '' };
  const options = containerOptions(
    { runner, owner: SERVER, processors: 2, groups: [104] },
    { ...spec, kind, accelerator },
  );
  return JSON.parse(JSON.stringify(options));
}
