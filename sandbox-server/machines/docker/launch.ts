import type { Container, MountSettings } from 'dockerode';
import { type Limits, limitsOutside } from '../qemu/limits.ts';
import { INSIDE } from '../qemu/mounts.ts';
import { type QemuSpec, qemuArguments } from '../qemu/qemu-arguments.ts';
import { QemuError, type QemuProcess } from '../qemu/qemu-process.ts';
import { Qmp } from '../qemu/qmp.ts';
import { assemble } from '../qemu/seccomp.ts';
import { machinePolicy } from '../qemu/seccomp-policy.ts';
import { MUX } from './container-commands.ts';
import { ContainerKeeper } from './container-keeper.ts';
import { type DockerContext, LABELS } from './docker-context.ts';
import { FIRST_MONITOR } from './mux/mux-frames.ts';
import { MuxLink } from './mux/mux-link.ts';
import { openRelay } from './relay.ts';
import { createContainer, removeContainer, startContainer } from './run-container.ts';
import { cableSetting, removeVolume, type SharedCable } from './shared-cable.ts';

export interface LaunchOptions {
  readonly kind: 'machine' | 'draft';
  readonly id: string;
  readonly qemu: Omit<QemuSpec, 'qmpFd' | 'socketFolder' | 'card'>;
  /** Of its network card; null: it has none. */
  readonly mac: string | null;
  /** What its card is plugged into, if anything. */
  readonly cable: SharedCable | null;
  /** Besides the store. */
  readonly mounts: readonly MountSettings[];
  /** What its mux does first: copy=FROM:TO, make=PATH:BYTES. */
  readonly prepare: readonly string[];
  readonly limits: Limits;
  readonly niceness: number;
  /** Whether QEMU may make files: see seccomp-policy.ts. */
  readonly createsFiles: boolean;
  readonly signal?: AbortSignal;
}

export interface Launched {
  readonly process: QemuProcess;
  readonly container: Container;
  /** Volume of the cable that it is plugged into. */
  readonly cable: string | null;
}

/** Descriptors that the mux gives QEMU. */
const QMP_FD = 3;
const CABLE_FD = 4;

export async function launch(context: DockerContext, options: LaunchOptions): Promise<Launched> {
  const { kind, id, qemu, mac, prepare, limits, niceness, createsFiles, signal } = options;
  signal?.throwIfAborted();
  const { engine, users } = context;
  const end = mac === null ? undefined : await options.cable?.plugIn();
  const card = mac === null ? null : { mac, cableFd: end ? CABLE_FD : null, listens: end?.listens ?? false };
  const filter = assemble(machinePolicy({ accelerator: qemu.accelerator, createsFiles })).toString('hex');
  await using undo = new AsyncDisposableStack();
  const user = users.take();
  undo.defer(() => users.free(user));
  const container = await createContainer(context, {
    ...{ kind, accelerator: qemu.accelerator, user, limits },
    command: [
      ...[...MUX, ...prepare, ...(end ? [cableSetting(end)] : [])],
      ...[`niceness=${niceness}`, `filter=${filter}`, '--', ...limitsOutside(limits)],
      ...['qemu-system-x86_64', ...qemuArguments({ ...qemu, card, socketFolder: INSIDE.run, qmpFd: QMP_FD })],
    ],
    mounts: [context.store.mount, ...options.mounts, ...(end ? [end.mount] : [])],
    labels: { [LABELS.machine]: id },
    autoRemove: context.removesEnded,
  });
  undo.defer(() => removeContainer(container).catch(() => {}));
  await startContainer(context, container);
  const link = await MuxLink.begin({ connect: () => openRelay(container) }).catch((cause) => {
    throw new QemuError(`QEMU did not start: ${cause.message}`, { cause });
  });
  const keeper = new ContainerKeeper(container, link);
  void keeper.ended.then(() => {
    users.free(user);
    if (end) void removeVolume(engine, end.volume);
  });
  const ended = keeper.ended.then((reason) => {
    throw new QemuError(`QEMU did not start: ${reason}`);
  });
  ended.catch(() => {});
  const onViolation = () => void keeper.kill();
  const greeted = link
    .open(FIRST_MONITOR)
    .then((monitor) => Qmp.connect(monitor, { ...(signal && { signal }), onViolation }));
  greeted.catch(() => {});
  const qmp = await Promise.race([greeted, ended]);
  undo.move();
  return {
    process: { qmp, keeper, connect: (socket) => link.open(socket) },
    container,
    cable: end?.volume ?? null,
  };
}
