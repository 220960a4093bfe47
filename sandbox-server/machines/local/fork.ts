import { addAbortListener } from 'node:events';
import type { ForkOptions, TemplateRef } from '../driver.ts';
import { machineLimits, NICENESS } from '../qemu/limits.ts';
import { INSIDE, mountDisks } from '../qemu/mounts.ts';
import { QemuMachine } from '../qemu/qemu-machine.ts';
import { startInTime } from '../qemu/start-in-time.ts';
import { DEVICE_STATE_FILE, MEMORY_FILE, type TemplateDescription } from '../qemu/template-files.ts';
import { cableOf } from './cable.ts';
import { launch } from './launch.ts';
import { acceleratorOf, type LocalContext } from './local-context.ts';
import { recordedAs } from './local-record.ts';
import { OVERLAY_FILE, placeOverlay } from './run-folder.ts';

export function fork(
  context: LocalContext,
  description: TemplateDescription,
  template: TemplateRef,
  options: ForkOptions,
): Promise<QemuMachine> {
  return startInTime(options, (signal) => start(context, description, template, { ...options, signal }));
}

/**
 * Starts a copy-on-write machine: memory mapped private over the template's file, disk writes in a layer of its own.
 * What was taken is freed when any of it fails.
 */
async function start(
  context: LocalContext,
  description: TemplateDescription,
  template: TemplateRef,
  { id, files = [], network, signal, onPart }: ForkOptions & { readonly signal: AbortSignal },
): Promise<QemuMachine> {
  await using undo = new AsyncDisposableStack();
  const folder = undo.use(await context.runFolders.make(id));
  await placeOverlay(context.emptyOverlay, folder.inside);
  const { readable, disks } = mountDisks(description);
  const accelerator = acceleratorOf(description);
  const process = await launch({
    qemu: {
      accelerator,
      memoryMib: description.memoryMib,
      memoryPath: `${INSIDE.template}/${MEMORY_FILE}`,
      memoryMode: 'private',
      disks: [...disks, { path: `${INSIDE.run}/${OVERLAY_FILE}`, format: 'qcow2' }],
      kernel: 'header',
      incoming: true,
    },
    mac: description.mac,
    cable: cableOf(network),
    jail: {
      readable: { ...readable, [INSIDE.template]: template.folder, [INSIDE.image]: description.imageFolder },
      writable: {},
      accelerator,
      groups: context.groups,
      niceness: NICENESS.machine,
      limits: machineLimits({
        accelerator,
        memoryMib: description.memoryMib,
        maxFileBytes: context.maxOverlayBytes,
      }),
    },
    createsFiles: false,
    folder,
    cgroups: context.cgroups,
    asRoot: context.asRoot,
    signal,
  });
  onPart?.('launch');
  undo.defer(() => process.keeper.kill());
  // Not everything that follows takes a signal, but all of it ends with the process.
  using _abortion = addAbortListener(signal, () => void process.keeper.kill());
  const state = `file:${INSIDE.template}/${DEVICE_STATE_FILE}`;
  const { terminals } = description;
  const [machine] = await Promise.all([
    QemuMachine.connect({ ...recordedAs(id), process, terminals, free: async () => folder[Symbol.asyncDispose]() }),
    process.qmp.migrate('migrate-incoming', state, signal),
  ]);
  await machine.letRun();
  onPart?.('restore');
  await machine.wake(files, description.personalFiles, signal);
  await machine.watchForFreezing();
  onPart?.('wake');
  undo.move();
  return machine;
}
