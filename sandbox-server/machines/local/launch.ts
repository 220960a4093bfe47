import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import { INSIDE } from '../qemu/mounts.ts';
import { type QemuSpec, qemuArguments } from '../qemu/qemu-arguments.ts';
import { QemuError, type QemuProcess } from '../qemu/qemu-process.ts';
import { Qmp } from '../qemu/qmp.ts';
import { assemble } from '../qemu/seccomp.ts';
import { machinePolicy } from '../qemu/seccomp-policy.ts';
import { CABLE_FD, type Cable } from './cable.ts';
import type { Cgroups } from './cgroups.ts';
import { type JailSpec, jailed } from './jail.ts';
import type { RunFolder } from './run-folder.ts';
import { FIRST_INHERITED_FD, supervise } from './supervisor.ts';

export interface LaunchOptions {
  readonly qemu: Omit<QemuSpec, 'qmpFd' | 'socketFolder' | 'imageFolder' | 'card'>;
  /** Of its network card; null: it has none. */
  readonly mac: string | null;
  /** What its card is plugged into, if anything. */
  readonly cable: Cable | null;
  /** Besides the machine's folder. */
  readonly jail: Omit<JailSpec, 'uid' | 'filterFd'>;
  /** Whether QEMU may make files: see seccomp-policy.ts. */
  readonly createsFiles: boolean;
  readonly folder: RunFolder;
  /** Null where this host has handed over none. */
  readonly cgroups: Cgroups | null;
  /** Whether the machine gets a host user of its own. */
  readonly asRoot: boolean;
  readonly signal?: AbortSignal;
}

/** Descriptor of the first monitor: connected from the start, so that its greeting says when QEMU is ready. */
const QMP_FD = FIRST_INHERITED_FD;
/** The last one: the jail closes those above. */
const FILTER_FD = QMP_FD + 1;

export async function launch(options: LaunchOptions): Promise<QemuProcess> {
  const { qemu, mac, jail, createsFiles, folder, cgroups, asRoot, signal } = options;
  const cable = mac === null ? null : options.cable;
  const card = mac === null ? null : { mac, cableFd: cable && CABLE_FD };
  const paths = { imageFolder: INSIDE.image, socketFolder: INSIDE.run, qmpFd: QMP_FD };
  const groupName = basename(folder.path);
  const cgroup = await cgroups?.make(groupName, jail.limits);
  const writable = { ...jail.writable, [INSIDE.run]: folder.inside };
  const command = jailed(['qemu-system-x86_64', ...qemuArguments({ ...qemu, ...paths, card })], {
    ...jail,
    writable,
    uid: asRoot ? '{uid}' : null,
    filterFd: FILTER_FD,
    ...(cgroup !== undefined && { cgroup }),
  });
  const socket = folder.supervisorSocket;
  const supervised = { command, socket, writable: Object.values(writable), ownUser: asRoot, inherited: 2 };
  const { supervisor, inherited } = cable
    ? cable.plugIn((stdin) => supervise({ ...supervised, stdin }))
    : supervise(supervised);
  void supervisor.ended.then(() => cgroups?.remove(groupName));
  try {
    const [monitor, filter] = inherited;
    if (!monitor || !filter) throw new QemuError('QEMU did not start: it was given no monitor.');
    filter.end(assemble(machinePolicy({ accelerator: jail.accelerator, createsFiles })));
    const ended = supervisor.ended.then((reason) => {
      throw new QemuError(`QEMU did not start: ${reason}`);
    });
    const onViolation = () => void supervisor.kill();
    const qmp = await Promise.race([Qmp.connect(monitor, { ...(signal && { signal }), onViolation }), ended]);
    await folder.seal();
    return { qmp, keeper: supervisor, connect: (socket) => connectSocket(join(folder.inside, socket)) };
  } catch (error) {
    await supervisor.kill();
    throw error;
  }
}

export async function connectSocket(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
}
