import type { TemplateRef } from '../driver.ts';
import type { QemuSpec } from '../qemu/qemu-arguments.ts';
import { KERNEL_HEADER_FILE } from '../qemu/qemu-arguments.ts';
import { DEVICE_STATE_FILE, MEMORY_FILE, type TemplateDescription } from '../qemu/template-files.ts';
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
  const placed: { path: string; format: 'raw' | 'qcow2' }[] = [];
  for (const { folder, file, format } of disks) {
    placed.push({ path: `${await store.bring(folder, [file])}/${file}`, format });
  }
  return {
    disks: placed,
    imageFolder: await store.bring(imageFolder, [KERNEL_HEADER_FILE]),
    folder: await store.bring(folder, [MEMORY_FILE, DEVICE_STATE_FILE]),
  };
}
