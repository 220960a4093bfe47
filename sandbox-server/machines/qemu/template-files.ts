import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { AcceleratorName } from './accelerators.ts';

/** Names of the files in a template's folder. */
export const MEMORY_FILE = 'memory';
export const DEVICE_STATE_FILE = 'device-state';
export const DESCRIPTION_FILE = 'template.json';

const descriptionSchema = z.strictObject({
  accelerator: z.enum(['kvm', 'tcg']),
  memoryMib: z.number().int().positive(),
  /** Folder of the image that it was booted from: kernel, initrd. */
  imageFolder: z.string(),
  /** Disk files from the bottom up, all immutable. */
  disks: z.array(z.strictObject({ folder: z.string(), file: z.string(), format: z.enum(['raw', 'qcow2']) })).min(1),
  /** Of its network card; null: it has none. */
  mac: z.string().nullable(),
  /** Terminals in the order of their ports, their shells at the prompt. */
  terminals: z.array(z.strictObject({ id: z.string(), user: z.string() })),
  /** Paths of personal files that were in place while it was made: a fork renews them, wherever they still are. */
  personalFiles: z.array(z.string()).default([]),
});

/** What a driver must know to fork a template; written beside its memory, device state and disk. */
export type TemplateDescription = z.infer<typeof descriptionSchema> & { readonly accelerator: AcceleratorName };

/** Folders come back absolute; a template's own is written as `.`, because it is made under another name. */
export async function readDescription(folder: string): Promise<TemplateDescription> {
  const description = descriptionSchema.parse(JSON.parse(await readFile(join(folder, DESCRIPTION_FILE), 'utf8')));
  const disks = description.disks.map((disk) => ({ ...disk, folder: resolve(folder, disk.folder) }));
  return { ...description, disks };
}

export async function writeDescription(folder: string, description: TemplateDescription): Promise<void> {
  const disks = description.disks.map((disk) => (disk.folder === folder ? { ...disk, folder: '.' } : disk));
  await writeFile(join(folder, DESCRIPTION_FILE), `${JSON.stringify({ ...description, disks }, null, 2)}\n`);
}
