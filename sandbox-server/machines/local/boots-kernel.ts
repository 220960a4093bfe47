import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageRef } from '../driver.ts';
import type { Accelerator } from '../qemu/accelerators.ts';
import { machineLimits, NICENESS } from '../qemu/limits.ts';
import { assemble } from '../qemu/seccomp.ts';
import { machinePolicy } from '../qemu/seccomp-policy.ts';
import { jailed } from './jail.ts';
import { FIRST_INHERITED_FD, supervise, USERS_FOLDER } from './supervisor.ts';

export interface BootOptions {
  readonly image: ImageRef;
  readonly accelerator: Accelerator;
  /** That may open the accelerator's device. */
  readonly groups: readonly number[];
  readonly asRoot: boolean;
  /** Hardware needs about a second to panic; a /dev/kvm that does not work hangs for ever. Default 15 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
const MEMORY_MIB = 256;
const CONSOLE_FD = FIRST_INHERITED_FD;
const FILTER_FD = CONSOLE_FD + 1;

/**
 * Whether an accelerator gets a kernel anywhere, tried in a machine's jail as a host user that no machine has. A kernel
 * without a root panics and, told to restart at once, ends QEMU: that is what working looks like.
 */
export async function bootsKernel(options: BootOptions): Promise<boolean> {
  const { image, accelerator, groups, asRoot, timeoutMs = TIMEOUT_MS } = options;
  if (asRoot) await mkdir(USERS_FOLDER, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(tmpdir(), 'drydock-boot-'));
  const command = jailed(qemu(accelerator), {
    ...{ readable: { '/image': image.folder }, writable: {}, accelerator, groups },
    ...{ uid: asRoot ? '{uid}' : null, niceness: NICENESS.machine, filterFd: FILTER_FD },
    limits: machineLimits({ accelerator, memoryMib: MEMORY_MIB, maxFileBytes: 0 }),
  });
  const socket = join(folder, 'supervisor.sock');
  const { supervisor, inherited } = supervise({ command, socket, writable: [], ownUser: asRoot, inherited: 2 });
  const [console, filter] = inherited;
  const timer = setTimeout(() => void supervisor.kill(), timeoutMs);
  try {
    if (!console || !filter) return false;
    let said = '';
    const closed = once(console, 'close');
    console.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    filter.end(assemble(machinePolicy({ accelerator, createsFiles: false })));
    await Promise.all([supervisor.ended, closed]);
    return said.includes('Kernel panic');
  } finally {
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  }
}

function qemu({ accel, cpu }: Accelerator): string[] {
  return [
    ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-machine', 'q35'],
    ...['-accel', accel, '-cpu', cpu, '-m', `${MEMORY_MIB}M`],
    ...['-chardev', `socket,id=console,fd=${CONSOLE_FD}`, '-serial', 'chardev:console'],
    ...['-kernel', '/image/vmlinuz', '-append', 'console=ttyS0 panic=-1'],
  ];
}
