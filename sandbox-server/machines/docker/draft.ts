import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Container } from 'dockerode';
import type { DraftMachine, DraftOptions, ImageRef, TemplateRef, ThawOptions } from '../driver.ts';
import { ACCELERATORS } from '../qemu/accelerators.ts';
import { machineLimits, NICENESS } from '../qemu/limits.ts';
import { INSIDE } from '../qemu/mounts.ts';
import { INITRD_FILE, KERNEL_FILE } from '../qemu/qemu-arguments.ts';
import { QemuDraft } from '../qemu/qemu-draft.ts';
import { QemuMachine } from '../qemu/qemu-machine.ts';
import { DEVICE_STATE_FILE, MEMORY_FILE, type TemplateDescription, writeDescription } from '../qemu/template-files.ts';
import { PACK_DRAFT } from './container-commands.ts';
import { ownVolume } from './container-options.ts';
import { UNBOUNDED_FILE_BYTES } from './container-sizes.ts';
import { CONTAINER, type DockerContext } from './docker-context.ts';
import { recordedAs } from './docker-record.ts';
import { launch } from './launch.ts';
import { DemuxedExec } from './mux/demux-exec.ts';
import { type PlacedTemplate, placeTemplate } from './placed-template.ts';
import { cableOf } from './shared-cable.ts';

const MIB = 1024 * 1024;
const RAW_DISK = 'disk.raw';
const OVERLAY = 'disk.qcow2';
/** Disk layers over an image's disk, as the local driver's. */
const MOST_LAYERS = 2;
const ID_BYTES = 6;

const inDraft = (file: string) => `${INSIDE.draft}/${file}`;

/** Boots an image on a copy of its disk, its memory in a file. */
export async function bootDraft(context: DockerContext, image: ImageRef, options: DraftOptions): Promise<DraftMachine> {
  const { accelerator, memoryMib, store } = context;
  const imageFolder = await store.bring(image.folder, [RAW_DISK, KERNEL_FILE, INITRD_FILE]);
  return start(context, {
    ...options,
    description: {
      ...{ accelerator: accelerator.name, memoryMib, imageFolder: image.folder, mac: null },
      disks: [{ folder: options.folder, file: RAW_DISK, format: 'raw' }],
      ...{ terminals: [], personalFiles: [] },
    },
    placed: { folder: imageFolder, imageFolder, disks: [] },
    prepare: [
      `copy=${imageFolder}/${RAW_DISK}:${inDraft(RAW_DISK)}`,
      `make=${inDraft(MEMORY_FILE)}:${memoryMib * MIB}`,
    ],
    isThawed: false,
  });
}

/** A copy of a template's memory and a layer over its disk; of the last layer where it has all that it may have. */
export async function thawDraft(
  context: DockerContext,
  from: TemplateDescription,
  template: TemplateRef,
  options: ThawOptions,
): Promise<DraftMachine> {
  const placed = await placeTemplate(context.store, template, from);
  const hasAllLayers = from.disks.length > MOST_LAYERS;
  const last = hasAllLayers ? `${placed.disks.at(-1)?.path}` : `${CONTAINER.programs}/empty.qcow2`;
  const below = hasAllLayers ? from.disks.length - 1 : from.disks.length;
  return start(context, {
    ...options,
    description: {
      ...from,
      disks: [...from.disks.slice(0, below), { folder: options.folder, file: OVERLAY, format: 'qcow2' }],
      mac: options.mac ?? from.mac,
    },
    placed: { ...placed, disks: placed.disks.slice(0, below) },
    prepare: [`copy=${placed.folder}/${MEMORY_FILE}:${inDraft(MEMORY_FILE)}`, `copy=${last}:${inDraft(OVERLAY)}`],
    isThawed: true,
  });
}

interface StartOptions extends DraftOptions {
  /** Of what it will be. */
  readonly description: TemplateDescription;
  /** What it is made from, with the disks below its own. */
  readonly placed: PlacedTemplate;
  readonly prepare: readonly string[];
  /** Not booted. */
  readonly isThawed: boolean;
}

async function start(context: DockerContext, options: StartOptions): Promise<DraftMachine> {
  const { folder, files = [], network, signal, description, placed, prepare, isThawed } = options;
  await using undo = new AsyncDisposableStack();
  const { memoryMib } = description;
  const accelerator = ACCELERATORS[description.accelerator];
  const top = description.disks.slice(-1).map(({ file, format }) => ({ path: inDraft(file), format }));
  const id = `draft-${randomBytes(ID_BYTES).toString('hex')}`;
  const { process, container, cable } = await launch(context, {
    ...{ kind: 'draft', id, mac: description.mac, cable: cableOf(network), prepare, createsFiles: true },
    qemu: {
      ...{ accelerator, memoryMib, memoryPath: inDraft(MEMORY_FILE), memoryMode: 'shared' },
      ...{ disks: [...placed.disks, ...top], kernel: isThawed ? 'header' : 'boot' },
      ...{ imageFolder: placed.imageFolder, incoming: isThawed },
    },
    mounts: [ownVolume(INSIDE.draft, context.owner)],
    limits: machineLimits({ accelerator, memoryMib, maxFileBytes: UNBOUNDED_FILE_BYTES }),
    niceness: NICENESS.draft,
    ...(signal && { signal }),
  });
  undo.defer(() => process.keeper.kill());
  const { terminals } = description;
  const recorded = recordedAs(id, { container: container.id, cable });
  const machine = await QemuMachine.connect({ ...recorded, process, terminals, free: async () => {} });
  const state = `file:${placed.folder}/${DEVICE_STATE_FILE}`;
  if (isThawed) await process.qmp.migrate('migrate-incoming', state, signal);
  await machine.letRun();
  await machine.hello(signal);
  await machine.wake(files, description.personalFiles, signal);
  undo.move();
  const personalFiles = [...new Set([...description.personalFiles, ...files.map(({ path }) => path)])];
  return new QemuDraft(machine, async (machine, terminals) => {
    const names = [MEMORY_FILE, DEVICE_STATE_FILE, ...description.disks.slice(-1).map(({ file }) => file)];
    await fetchFiles(container, folder, names);
    await machine[Symbol.asyncDispose]();
    await writeDescription(folder, { ...description, personalFiles, terminals: [...terminals] });
    await makeReadOnly(folder);
  });
}

const MOST_COMPLAINTS = 2_000;

/** From the container of a machine that stands still, as an archive without holes. */
async function fetchFiles(container: Container, folder: string, names: readonly string[]): Promise<void> {
  const command = [...PACK_DRAFT, ...names];
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, AttachStdin: true });
  const packed = new DemuxedExec(await exec.start({ hijack: true, stdin: true }));
  // A draft may have been taken over: no other name is unpacked, and nothing that is no plain file is kept.
  const options = ['--extract', '--no-same-owner', '--directory', folder, '--file', '-', '--', ...names];
  const unpacker = spawn('tar', options, { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaints = '';
  unpacker.stderr.on('data', (text) => {
    complaints = `${complaints}${text}`.slice(-MOST_COMPLAINTS);
  });
  // It ends where the archive does, which the engine may say only later: how it ended tells whether all of it came.
  const sent = pipeline(packed, unpacker.stdin).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  const [status] = await once(unpacker, 'close').finally(() => packed.destroy());
  const broken = await sent;
  const kinds = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => undefined)));
  if (status !== 0 || !kinds.every((kind) => kind?.isFile())) {
    const why = [packed.said, complaints].map((text) => text.trim()).filter(Boolean);
    throw new Error(`The files of a frozen machine could not be taken over. ${why.join(' ')}`.trim(), {
      cause: broken,
    });
  }
}

/** From here on nobody writes these files, and every machine's user may read them. */
async function makeReadOnly(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o444);
  await chmod(folder, 0o755);
}
