import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { JailSpec } from './jail.ts';
import { type QemuSpec, qemuArguments } from './qemu-arguments.ts';
import { Qmp } from './qmp.ts';
import { spawnJailed } from './spawn-jailed.ts';

/** QEMU did not start, or ended when it should not. */
export class QemuError extends Error {
  override readonly name = 'QemuError';
}

export interface LaunchOptions {
  readonly qemu: Omit<QemuSpec, 'qmpFd'>;
  readonly jail: Omit<JailSpec, 'filterFd'>;
  /** Whether QEMU may make files: see seccomp-policy.ts. */
  readonly createsFiles: boolean;
  /** Host path of the folder that is `qemu.socketFolder` inside. */
  readonly socketFolder: string;
  readonly signal?: AbortSignal;
}

/** A QEMU process that has read its command line and waits, its guest not yet running. */
export interface QemuProcess {
  readonly child: ChildProcess;
  readonly qmp: Qmp;
  /** Resolves with why it ended, for logs. */
  readonly exited: Promise<string>;
  connect(socket: string): Promise<Socket>;
  kill(): Promise<void>;
}

/** Descriptor of the first monitor: connected from the start, so that its greeting says when QEMU is ready. */
const QMP_FD = 3;
const STDERR_KEPT_CHARACTERS = 4_000;

export async function launch({ qemu, jail, createsFiles, socketFolder, signal }: LaunchOptions): Promise<QemuProcess> {
  const command = ['qemu-system-x86_64', ...qemuArguments({ ...qemu, qmpFd: QMP_FD })];
  const child = spawnJailed(command, { jail, createsFiles, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const exited = whyItExited(child);
  const process: Omit<QemuProcess, 'qmp'> = {
    child,
    exited,
    connect: (socket) => connectSocket(join(socketFolder, socket)),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
  try {
    const exit = exited.then((reason) => {
      throw new QemuError(`QEMU did not start: ${reason}`);
    });
    const onViolation = () => child.kill('SIGKILL');
    const qmp = Qmp.connect(child.stdio[QMP_FD] as Duplex, { ...(signal && { signal }), onViolation });
    return { ...process, qmp: await Promise.race([qmp, exit]) };
  } catch (error) {
    await process.kill();
    throw error;
  }
}

async function whyItExited(child: ChildProcess): Promise<string> {
  let stderr = '';
  child.stderr?.on('error', () => {});
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT_CHARACTERS);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (status, signal) => resolve(`exit ${status ?? signal}. ${stderr.trim()}`));
  });
}

async function connectSocket(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
}
