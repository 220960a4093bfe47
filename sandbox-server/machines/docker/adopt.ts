import { addAbortListener } from 'node:events';
import { QMP_SOCKET } from '../qemu/qemu-arguments.ts';
import { QemuMachine } from '../qemu/qemu-machine.ts';
import { QemuError } from '../qemu/qemu-process.ts';
import { Qmp } from '../qemu/qmp.ts';
import { ContainerKeeper } from './container-keeper.ts';
import type { DockerContext } from './docker-context.ts';
import { type DockerRecord, recordedAs } from './docker-record.ts';
import { MachineGoneError, MuxLink } from './mux/mux-link.ts';
import { openRelay } from './relay.ts';
import { removeContainer } from './run-container.ts';
import { removeVolume } from './shared-cable.ts';

/** A guest under a fork bomb takes its time; one that does not answer at all is of no use to anybody. */
const ADOPT_TIMEOUT_MS = 60_000;

/** Takes over a machine that runs. `undefined` when it is over; when it cannot be taken over it is ended. */
export async function adopt(
  { engine }: DockerContext,
  { id, container: name, cable, terminals }: DockerRecord,
  givenSignal?: AbortSignal,
): Promise<QemuMachine | undefined> {
  await using undo = new AsyncDisposableStack();
  const container = engine.docker.getContainer(name);
  undo.defer(() => removeContainer(container).catch(() => {}));
  const deadline = AbortSignal.timeout(ADOPT_TIMEOUT_MS);
  const signal = givenSignal ? AbortSignal.any([givenSignal, deadline]) : deadline;
  const link = await MuxLink.begin({ connect: () => openRelay(container) }).catch((cause) => {
    if (cause instanceof MachineGoneError) return undefined;
    throw cause;
  });
  if (link === undefined) return undefined;
  const keeper = new ContainerKeeper(container, link);
  if (cable !== null) void keeper.ended.then(() => removeVolume(engine, cable));
  // Not everything that follows takes a signal, but all of it ends with the process.
  using _abortion = addAbortListener(signal, () => void keeper.kill());
  const onViolation = () => void keeper.kill();
  const ended = keeper.ended.then((reason) => {
    throw new QemuError(`QEMU ended before it was taken over: ${reason}`);
  });
  ended.catch(() => {});
  const greeted = link.open(QMP_SOCKET).then((socket) => Qmp.connect(socket, { signal, onViolation }));
  greeted.catch(() => {});
  const qmp = await Promise.race([greeted, ended]);
  const process = { qmp, keeper, connect: (socket: string) => link.open(socket) };
  const recorded = recordedAs(id, { container: name, cable });
  const machine = await QemuMachine.rejoin({ ...recorded, process, terminals, free: async () => {} }, signal);
  await machine.watchForFreezing();
  undo.move();
  return machine;
}
