import { access, constants, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { dirname } from 'node:path';
import type { ImageRef } from '../driver.ts';
import { ACCELERATORS, type Accelerator, type AcceleratorName } from './accelerators.ts';
import { MACHINE_UIDS } from './jail.ts';
import { machineLimits, NICENESS } from './limits.ts';
import { spawnJailed } from './spawn-jailed.ts';

export interface ChooseOptions {
  readonly image: ImageRef;
  /** `auto` finds out; the others are believed. */
  readonly wanted: AcceleratorName | 'auto';
  /** Where the answer is remembered until kernel, QEMU or /dev/kvm change. */
  readonly memoryFile: string;
  readonly qemuVersion: string;
  readonly asRoot: boolean;
}

export interface Choice {
  readonly accelerator: Accelerator;
  /** One sentence for doctor and the start message. */
  readonly reason: string;
}

const KVM_DEVICE = '/dev/kvm';
/** Hardware needs about a second to panic; a /dev/kvm that does not work hangs for ever. */
const PROBE_TIMEOUT_MS = 15_000;
const PROBE_MEMORY_MIB = 256;

/**
 * Hardware virtualization only where it has been seen to work: /dev/kvm may be there, and openable, and every kernel
 * on it hang. So the image's own kernel is booted, in the jail, with a deadline.
 */
export async function chooseAccelerator(options: ChooseOptions): Promise<Choice> {
  const { wanted } = options;
  if (wanted !== 'auto') return { accelerator: ACCELERATORS[wanted], reason: `the setting ACCELERATOR is ${wanted}` };
  const device = await stat(KVM_DEVICE).catch(() => null);
  if (!device) return emulated(`this computer offers no ${KVM_DEVICE}`);
  if (!options.asRoot && !(await canOpen())) {
    return emulated(`you may not open ${KVM_DEVICE}: add yourself to its group (usually: sudo usermod -aG kvm $USER)`);
  }
  const key = JSON.stringify([options.qemuVersion, release(), device.rdev, device.ino, options.image.key]);
  const works = (await recall(options.memoryFile, key)) ?? (await probe(options, device.gid));
  await remember(options.memoryFile, key, works);
  if (!works) return emulated(`${KVM_DEVICE} is there, but a kernel booted on it did not get anywhere`);
  return { accelerator: ACCELERATORS.kvm, reason: 'a kernel booted on it' };
}

const emulated = (reason: string): Choice => ({ accelerator: ACCELERATORS.tcg, reason });

async function canOpen(): Promise<boolean> {
  return access(KVM_DEVICE, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** A kernel without a root panics and, told to restart at once, ends QEMU: that is what working looks like. */
function probe({ image, asRoot }: ChooseOptions, kvmGroup: number): Promise<boolean> {
  const qemu = [
    ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-machine', 'q35'],
    ...[
      '-accel',
      ACCELERATORS.kvm.accel,
      '-cpu',
      ACCELERATORS.kvm.cpu,
      '-m',
      `${PROBE_MEMORY_MIB}M`,
      '-serial',
      'stdio',
    ],
    ...['-kernel', '/image/vmlinuz', '-append', 'console=ttyS0 panic=-1'],
  ];
  const accelerator = ACCELERATORS.kvm;
  const jail = {
    readable: { '/image': image.folder },
    writable: {},
    accelerator,
    uid: asRoot ? MACHINE_UIDS.first : null,
    groups: [kvmGroup],
    niceness: NICENESS.machine,
    limits: machineLimits({ accelerator, memoryMib: PROBE_MEMORY_MIB, maxFileBytes: 0 }),
  };
  return new Promise((resolve) => {
    let console = '';
    const child = spawnJailed(qemu, { jail, createsFiles: false, stdio: ['ignore', 'pipe', 'ignore'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), PROBE_TIMEOUT_MS);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      console += text;
    });
    child.once('error', () => resolve(false));
    child.once('close', () => {
      clearTimeout(timer);
      resolve(console.includes('Kernel panic'));
    });
  });
}

async function recall(file: string, key: string): Promise<boolean | undefined> {
  try {
    const memory = JSON.parse(await readFile(file, 'utf8'));
    return memory.key === key ? memory.works === true : undefined;
  } catch {
    return undefined;
  }
}

async function remember(file: string, key: string, works: boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ key, works }));
}
