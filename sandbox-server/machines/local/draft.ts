import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DraftMachine, DraftOptions, ImageRef, TemplateRef, ThawOptions } from '../driver.ts';
import { machineLimits, NICENESS } from '../qemu/limits.ts';
import { INSIDE, mountDisks } from '../qemu/mounts.ts';
import { QemuDraft } from '../qemu/qemu-draft.ts';
import { QemuMachine } from '../qemu/qemu-machine.ts';
import { DEVICE_STATE_FILE, MEMORY_FILE, type TemplateDescription, writeDescription } from '../qemu/template-files.ts';
import { cableOf } from './cable.ts';
import { launch } from './launch.ts';
import { acceleratorOf, type LocalContext } from './local-context.ts';
import { recordedAs } from './local-record.ts';
import { OVERLAY_FILE, placeOverlay } from './run-folder.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;
const RAW_DISK = 'disk.raw';
/** A machine being prepared may write as much as its disk holds. */
const UNBOUNDED_FILE_BYTES = 2 ** 40;
const DRAFT_ID_BYTES = 6;

/** Boots an image on a copy of its disk, its memory in a file. */
export async function bootDraft(context: LocalContext, image: ImageRef, options: DraftOptions): Promise<DraftMachine> {
  const { folder } = options;
  await copySparse(join(image.folder, RAW_DISK), join(folder, RAW_DISK));
  await writeFile(join(folder, MEMORY_FILE), '');
  await truncate(join(folder, MEMORY_FILE), context.memoryMib * MIB);
  const description: TemplateDescription = {
    accelerator: context.accelerator.name,
    memoryMib: context.memoryMib,
    imageFolder: image.folder,
    disks: [{ folder, file: RAW_DISK, format: 'raw' }],
    mac: null,
    terminals: [],
    personalFiles: [],
  };
  const draft = await start(context, description, { ...options, incoming: null });
  return draft;
}

/** Disk layers over an image's disk. More would make every read of a machine look in more files. */
const MOST_LAYERS = 2;

/**
 * A copy of a template's memory and a layer over its disk, started where the template was frozen. A template with all
 * the layers it may have is continued in a copy of the last one, so that nothing depends on it.
 */
export async function thawDraft(
  context: LocalContext,
  from: TemplateDescription,
  template: TemplateRef,
  options: ThawOptions,
): Promise<DraftMachine> {
  const { folder } = options;
  await copySparse(join(template.folder, MEMORY_FILE), join(folder, MEMORY_FILE));
  const hasAllLayers = from.disks.length > MOST_LAYERS;
  if (hasAllLayers) await copySparse(join(template.folder, OVERLAY_FILE), join(folder, OVERLAY_FILE));
  else await placeOverlay(context.emptyOverlay, folder);
  const below = hasAllLayers ? from.disks.slice(0, -1) : from.disks;
  const disks = [...below, { folder, file: OVERLAY_FILE, format: 'qcow2' as const }];
  return start(context, { ...from, disks, mac: options.mac ?? from.mac }, { ...options, incoming: template });
}

interface StartOptions extends DraftOptions {
  /** The template whose device state to load; null to boot. */
  readonly incoming: TemplateRef | null;
}

async function start(
  context: LocalContext,
  description: TemplateDescription,
  { folder, files = [], network, signal, incoming }: StartOptions,
): Promise<QemuDraft> {
  await using undo = new AsyncDisposableStack();
  const runFolder = undo.use(await context.runFolders.make(`draft-${randomBytes(DRAFT_ID_BYTES).toString('hex')}`));
  const below = mountDisks({ ...description, disks: description.disks.slice(0, -1) });
  const top = description.disks.slice(-1).map(({ file, format }) => ({ path: `${INSIDE.draft}/${file}`, format }));
  const accelerator = acceleratorOf(description);
  const qemu = await launch({
    qemu: {
      accelerator,
      memoryMib: description.memoryMib,
      memoryPath: `${INSIDE.draft}/${MEMORY_FILE}`,
      memoryMode: 'shared',
      disks: [...below.disks, ...top],
      kernel: incoming ? 'header' : 'boot',
      incoming: incoming !== null,
    },
    mac: description.mac,
    cable: cableOf(network),
    jail: {
      readable: {
        ...below.readable,
        [INSIDE.image]: description.imageFolder,
        ...(incoming ? { [INSIDE.template]: incoming.folder } : {}),
      },
      writable: { [INSIDE.draft]: folder },
      accelerator,
      groups: context.groups,
      niceness: NICENESS.draft,
      limits: machineLimits({ accelerator, memoryMib: description.memoryMib, maxFileBytes: UNBOUNDED_FILE_BYTES }),
    },
    createsFiles: true,
    folder: runFolder,
    cgroups: context.cgroups,
    asRoot: context.asRoot,
    ...(signal ? { signal } : {}),
  });
  undo.defer(() => qemu.keeper.kill());
  const free = async () => runFolder[Symbol.asyncDispose]();
  const machine = await QemuMachine.connect({
    ...recordedAs('draft'),
    ...{ process: qemu, terminals: description.terminals, free },
  });
  if (incoming) await qemu.qmp.migrate('migrate-incoming', `file:${INSIDE.template}/${DEVICE_STATE_FILE}`, signal);
  await machine.letRun();
  await machine.hello(signal);
  await machine.wake(files, description.personalFiles, signal);
  undo.move();
  const personalFiles = [...new Set([...description.personalFiles, ...files.map(({ path }) => path)])];
  return new QemuDraft(machine, async (machine, terminals) => {
    await machine[Symbol.asyncDispose]();
    await run('fallocate', ['--dig-holes', join(folder, MEMORY_FILE)]);
    await writeDescription(folder, { ...description, personalFiles, terminals: [...terminals] });
    await takeBack(folder);
  });
}

async function copySparse(from: string, to: string): Promise<void> {
  await run('cp', ['--sparse=always', '--reflink=auto', from, to]);
  await chmod(to, 0o600);
}

/** From here on nobody writes these files, and every machine's user may read them. */
async function takeBack(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (process.getuid?.() === 0) await chown(path, 0, 0);
    await chmod(path, 0o444);
  }
  if (process.getuid?.() === 0) await chown(folder, 0, 0);
  await chmod(folder, 0o755);
}
