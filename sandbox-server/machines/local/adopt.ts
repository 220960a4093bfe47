import { addAbortListener } from 'node:events';
import { join } from 'node:path';
import { QMP_SOCKET } from '../qemu/qemu-arguments.ts';
import { QemuMachine } from '../qemu/qemu-machine.ts';
import { QemuError } from '../qemu/qemu-process.ts';
import { Qmp } from '../qemu/qmp.ts';
import { connectSocket } from './launch.ts';
import type { LocalContext } from './local-context.ts';
import { type LocalRecord, recordedAs } from './local-record.ts';
import { findSupervisor } from './supervisor.ts';

/** A guest under a fork bomb takes its time; one that does not answer at all is of no use to anybody. */
const ADOPT_TIMEOUT_MS = 60_000;

/** Takes over a machine that runs. `undefined` when it is over; when it cannot be taken over it is ended. */
export async function adopt(
  context: LocalContext,
  { id, terminals }: LocalRecord,
  givenSignal?: AbortSignal,
): Promise<QemuMachine | undefined> {
  await using undo = new AsyncDisposableStack();
  const folder = context.runFolders.find(id);
  const supervisor = await findSupervisor(folder.supervisorSocket);
  if (supervisor === undefined) {
    await folder[Symbol.asyncDispose]();
    return undefined;
  }
  void supervisor.ended.then(() => context.cgroups?.remove(id));
  undo.use(folder);
  undo.defer(() => supervisor.kill());
  const deadline = AbortSignal.timeout(ADOPT_TIMEOUT_MS);
  const signal = givenSignal ? AbortSignal.any([givenSignal, deadline]) : deadline;
  // Not everything that follows takes a signal, but all of it ends with the process.
  using _abortion = addAbortListener(signal, () => void supervisor.kill());
  const connect = (socket: string) => connectSocket(join(folder.inside, socket));
  const onViolation = () => void supervisor.kill();
  const ended = supervisor.ended.then((reason) => {
    throw new QemuError(`QEMU ended before it was taken over: ${reason}`);
  });
  const greeted = connect(QMP_SOCKET).then((socket) => Qmp.connect(socket, { signal, onViolation }));
  const qmp = await Promise.race([greeted, ended]);
  const process = { qmp, keeper: supervisor, connect };
  const free = async () => folder[Symbol.asyncDispose]();
  const machine = await QemuMachine.rejoin({ ...recordedAs(id), process, terminals, free }, signal);
  await machine.watchForFreezing();
  undo.move();
  return machine;
}
