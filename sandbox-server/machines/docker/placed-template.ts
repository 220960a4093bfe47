import type { TemplateRef } from '../driver.ts';
import type { QemuSpec } from '../qemu/qemu-arguments.ts';
import type { TemplateDescription } from '../qemu/template-files.ts';
import type { EngineStore } from './engine-store.ts';

/** Where a template is in the containers of an engine. */
export interface PlacedTemplate {
  readonly folder: string;
  readonly imageFolder: string;
  /** From the bottom up. */
  readonly disks: QemuSpec['disks'];
}

/** Brings what a template consists of to the engine, unless it is there. */
export async function placeTemplate(
  store: EngineStore,
  { folder }: TemplateRef,
  { imageFolder, disks }: TemplateDescription,
): Promise<PlacedTemplate> {
  // One after the other: each may take the line to the engine for itself.
  const image = await store.bring(imageFolder);
  const places = new Map<string, string>();
  for (const disk of disks) places.set(disk.folder, await store.bring(disk.folder));
  return {
    folder: await store.bring(folder),
    imageFolder: image,
    disks: disks.map((disk) => ({ path: `${places.get(disk.folder)}/${disk.file}`, format: disk.format })),
  };
}
