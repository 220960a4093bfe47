import { addAbortListener } from 'node:events';
import type { ForkOptions, TemplateRef } from '../driver.ts';
import { ACCELERATORS } from '../qemu/accelerators.ts';
import { machineLimits, NICENESS } from '../qemu/limits.ts';
import { QemuMachine } from '../qemu/qemu-machine.ts';
import { startInTime } from '../qemu/start-in-time.ts';
import { DEVICE_STATE_FILE, MEMORY_FILE, type TemplateDescription } from '../qemu/template-files.ts';
import { ownVolume } from './container-options.ts';
import { CONTAINER, type DockerContext } from './docker-context.ts';
import { recordedAs } from './docker-record.ts';
import { launch } from './launch.ts';
import { placeTemplate } from './placed-template.ts';
import { cableOf } from './shared-cable.ts';

const EMPTY_DISK = `${CONTAINER.programs}/empty.qcow2`;
const DISK = `${CONTAINER.disk}/disk.qcow2`;

export function fork(
  context: DockerContext,
  description: TemplateDescription,
  template: TemplateRef,
  options: ForkOptions,
): Promise<QemuMachine> {
  const where = ` on the Docker Engine at ${context.engine.address}`;
  return startInTime({ ...options, where }, (signal) => start(context, description, template, { ...options, signal }));
}

/** Starts a copy-on-write machine in a container: memory mapped private over the template's file in the store. */
async function start(
  context: DockerContext,
  description: TemplateDescription,
  template: TemplateRef,
  { id, files = [], network, signal, onPart }: ForkOptions & { readonly signal: AbortSignal },
): Promise<QemuMachine> {
  await using undo = new AsyncDisposableStack();
  const placed = await placeTemplate(context.store, template, description);
  const accelerator = ACCELERATORS[description.accelerator];
  const { memoryMib, terminals } = description;
  const { process, container, cable } = await launch(context, {
    kind: 'machine',
    id,
    qemu: {
      accelerator,
      memoryMib,
      memoryPath: `${placed.folder}/${MEMORY_FILE}`,
      memoryMode: 'private',
      disks: [...placed.disks, { path: DISK, format: 'qcow2' }],
      kernel: 'header',
      imageFolder: placed.imageFolder,
      incoming: true,
    },
    mac: description.mac,
    cable: cableOf(network),
    // A volume of its own, which goes with its container.
    mounts: [ownVolume(CONTAINER.disk, context.owner)],
    prepare: [`copy=${EMPTY_DISK}:${DISK}`],
    limits: machineLimits({ accelerator, memoryMib, maxFileBytes: context.maxOverlayBytes }),
    niceness: NICENESS.machine,
    createsFiles: false,
    signal,
  });
  onPart?.('launch');
  undo.defer(() => process.keeper.kill());
  // Not everything that follows takes a signal, but all of it ends with the process.
  using _abortion = addAbortListener(signal, () => void process.keeper.kill());
  const recorded = recordedAs(id, { container: container.id, cable });
  const [machine] = await Promise.all([
    QemuMachine.connect({ ...recorded, process, terminals, free: async () => {} }),
    process.qmp.migrate('migrate-incoming', `file:${placed.folder}/${DEVICE_STATE_FILE}`, signal),
  ]);
  await machine.letRun();
  onPart?.('restore');
  await machine.wake(files, description.personalFiles, signal);
  await machine.watchForFreezing();
  onPart?.('wake');
  undo.move();
  return machine;
}
