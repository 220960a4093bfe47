import type { Accelerator } from './accelerators.ts';
import { cardArguments, commandLine, qemuArguments } from './qemu-arguments.ts';

interface Identifying {
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
}

/** What a template made by such a driver fits; known without opening one. */
export function driverIdentity(options: Identifying, qemuVersion: string): string {
  const card = cardArguments({ mac: '', cableFd: 0 });
  return JSON.stringify([qemuVersion, identifyingArguments(options), card, commandLine(options.accelerator)]);
}

/** The command line without paths and tuning, so that only what matters to a frozen guest counts. */
function identifyingArguments({ accelerator: { name, ...device }, memoryMib }: Identifying): string[] {
  const disks = [{ path: '', format: 'qcow2' as const }];
  const paths = { card: null, memoryPath: '', kernel: 'boot', imageFolder: '', socketFolder: '' } as const;
  const accelerator = { ...device, name, accel: name };
  return qemuArguments({ accelerator, memoryMib, memoryMode: 'private', disks, ...paths, qmpFd: 0, incoming: true });
}
