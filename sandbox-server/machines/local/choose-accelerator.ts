import { access, constants, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { dirname } from 'node:path';
import type { ImageRef } from '../driver.ts';
import { ACCELERATORS, type Accelerator, type AcceleratorName } from '../qemu/accelerators.ts';
import { bootsKernel } from './boots-kernel.ts';

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
  const works =
    (await recall(options.memoryFile, key)) ??
    (await bootsKernel({ ...options, accelerator: ACCELERATORS.kvm, groups: [device.gid] }));
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
