import { ACCELERATORS } from '../qemu/accelerators.ts';
import { limitsOutside, machineLimits } from '../qemu/limits.ts';
import { KERNEL_FILE } from '../qemu/qemu-arguments.ts';
import type { ChooseOptions } from './choose-accelerator.ts';
import { ASK_DEVICE_GROUP } from './container-commands.ts';
import { PROBE_MEMORY_MIB } from './container-sizes.ts';
import { EngineStore } from './engine-store.ts';
import { MachineUsers } from './machine-users.ts';
import { DemuxedExec } from './mux/demux-exec.ts';
import type { EngineFacts } from './require-limits.ts';
import { createContainer, removeContainer } from './run-container.ts';

/** Hardware needs about a second to panic; a /dev/kvm that does not work hangs for ever. */
const TIMEOUT_MS = 15_000;
const { kvm } = ACCELERATORS;

/** Whose group may open the device on the engine's host; `undefined` when there is no such device. */
export async function findDeviceGroup(options: ChooseOptions, facts: EngineFacts): Promise<number | undefined> {
  const said = await printed(options, facts, {
    command: ASK_DEVICE_GROUP,
    groups: [],
    mounts: [],
  });
  return /^\d+$/.test(said) ? Number(said) : undefined;
}

/** A kernel without a root panics and, told to restart at once, ends QEMU: that is what working looks like. */
export async function bootsKernel(
  options: ChooseOptions,
  facts: EngineFacts,
  groups: readonly number[],
): Promise<boolean> {
  const { processors } = facts;
  const store = new EngineStore({ ...options, accelerator: ACCELERATORS.tcg, groups: [], processors });
  const image = await store.bring(options.image.folder, [KERNEL_FILE]);
  const limits = machineLimits({ accelerator: kvm, memoryMib: PROBE_MEMORY_MIB, maxFileBytes: 0 });
  const command = [
    ...limitsOutside(limits),
    ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-machine', 'q35'],
    ...['-accel', kvm.accel, '-cpu', kvm.cpu, '-m', `${PROBE_MEMORY_MIB}M`, '-serial', 'stdio'],
    ...['-kernel', `${image}/${KERNEL_FILE}`, '-append', 'console=ttyS0 panic=-1'],
  ];
  return (await printed(options, facts, { command, groups, mounts: [store.mount] })).includes('Kernel panic');
}

interface Probe {
  readonly command: readonly string[];
  readonly groups: readonly number[];
  readonly mounts: EngineStore['mount'][];
}

/** What a container with the device prints until it ends, or its time is up. Nothing where it cannot be had. */
async function printed(
  { engine, runner, owner }: ChooseOptions,
  { processors, mapsUsers }: EngineFacts,
  { command, groups, mounts }: Probe,
): Promise<string> {
  const limits = machineLimits({ accelerator: kvm, memoryMib: PROBE_MEMORY_MIB, maxFileBytes: 0 });
  const user = new MachineUsers({ mapped: mapsUsers }).take();
  const container = await createContainer(
    { engine, runner, owner, processors, groups },
    { ...{ kind: 'probe', command, accelerator: kvm, user, mounts, limits, stdin: true } },
  );
  const timer = setTimeout(() => void removeContainer(container).catch(() => {}), TIMEOUT_MS);
  try {
    const attached = await container.attach({ hijack: true, stream: true, stdin: true, stdout: true, stderr: true });
    const program = new DemuxedExec(attached as never);
    await container.start();
    let said = '';
    for await (const piece of program) said += piece;
    return said;
  } catch {
    // No such device, or none that a container may be given.
    return '';
  } finally {
    clearTimeout(timer);
    await removeContainer(container).catch(() => {});
  }
}
