import { accessSync, constants, existsSync } from 'node:fs';
import type { ImageRef } from '../../sandbox-server/machines/driver.ts';
import { type Choice, chooseAccelerator } from '../../sandbox-server/machines/local/choose-accelerator.ts';
import { type Finding, good, note } from './finding.ts';

const DEVICE = '/dev/kvm';

export interface AcceleratorOptions {
  readonly image: ImageRef;
  readonly imageBuilt: boolean;
  readonly memoryFile: string;
  readonly qemuVersion: string;
  readonly asRoot: boolean;
}

/** absent: no such device. forbidden: not for this user. open: whether it works is known by booting on it. */
export type DeviceState = 'absent' | 'forbidden' | 'open';

export function findDevice(): DeviceState {
  if (!existsSync(DEVICE)) return 'absent';
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
    return 'open';
  } catch {
    return 'forbidden';
  }
}

/** Undefined: the device would have to be tried with the kernel of an image, and there is none yet. */
export async function examineAccelerator(
  { imageBuilt, ...options }: AcceleratorOptions,
  device: DeviceState,
): Promise<Choice | undefined> {
  if (device === 'open' && !imageBuilt) return undefined;
  return chooseAccelerator({ ...options, wanted: 'auto' });
}

export function judgeAccelerator(choice: Choice | undefined, device: DeviceState, memoryFile: string): Finding[] {
  if (choice === undefined) {
    return [
      note(
        'accelerator',
        `${DEVICE} is there. Whether it works is known after the first start, which boots a kernel on it.`,
      ),
    ];
  }
  const { accelerator, reason } = choice;
  if (accelerator.name === 'kvm') return [good('accelerator', `hardware virtualization (KVM): ${reason}.`)];
  return [
    note(
      'accelerator',
      `emulation (TCG), because ${reason}. Everything works; commands in machines take several times as long as on hardware.`,
      HOW_TO_HARDWARE[device](memoryFile),
    ),
    note(
      'isolation',
      "Emulation is not a security boundary by QEMU's own policy. What holds a machine there is the jail.",
    ),
  ];
}

const HOW_TO_HARDWARE: Readonly<Record<DeviceState, (memoryFile: string) => string | undefined>> = {
  absent: () =>
    'For hardware: switch virtualization on in the firmware or, in a virtual machine, "nested virtualization" in the settings of its host.',
  // The reason says it.
  forbidden: () => undefined,
  open: (memoryFile) => `This is remembered until kernel or QEMU change. To have it tried again:\n  rm '${memoryFile}'`,
};
