import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ImageRef } from '../driver.ts';
import { ACCELERATORS, type Accelerator, type AcceleratorName } from '../qemu/accelerators.ts';
import { bootsKernel, findDeviceGroup } from './boots-kernel.ts';
import type { DockerDriverOptions } from './docker-context.ts';
import { type EngineFacts, requireLimits } from './require-limits.ts';

export type ChooseOptions = Pick<DockerDriverOptions, 'engine' | 'runner' | 'owner' | 'onDeliver'> & {
  readonly image: ImageRef;
  /** `auto` finds out; the others are believed. */
  readonly wanted: AcceleratorName | 'auto';
  /** Where the answer is remembered until the engine, its kernel or the runner change. */
  readonly memoryFile: string;
};

export interface Choice {
  readonly accelerator: Accelerator;
  /** One sentence for doctor and the start message. */
  readonly reason: string;
  /** That may open the accelerator's device there. */
  readonly groups: readonly number[];
}

/** Hardware virtualization only where it has been seen to work: the image's kernel is booted in a container there. */
export async function chooseAccelerator(options: ChooseOptions): Promise<Choice> {
  const { wanted, engine, memoryFile } = options;
  if (wanted === 'tcg') return { accelerator: ACCELERATORS.tcg, reason: 'the setting ACCELERATOR is tcg', groups: [] };
  const facts = await requireLimits(engine);
  const group = await findDeviceGroup(options, facts);
  if (group === undefined && wanted === 'auto') return emulated('its host offers no /dev/kvm');
  const groups = group === undefined ? [] : [group];
  if (wanted === 'kvm') return { accelerator: ACCELERATORS.kvm, reason: 'the setting ACCELERATOR is kvm', groups };
  const key = keyOf(options, facts);
  const memory = await recall(memoryFile);
  const works = memory[key] ?? (await bootsKernel(options, facts, groups));
  await remember(memoryFile, { ...memory, [key]: works });
  if (!works) return emulated('/dev/kvm is there, but a kernel booted on it did not get anywhere');
  return { accelerator: ACCELERATORS.kvm, reason: 'a kernel booted on it', groups };
}

const emulated = (reason: string): Choice => ({ accelerator: ACCELERATORS.tcg, reason, groups: [] });

const keyOf = ({ runner, image }: ChooseOptions, { id, kernel }: EngineFacts): string =>
  [id, kernel, runner.image, image.key].join(' ');

async function recall(file: string): Promise<Record<string, boolean>> {
  try {
    const known: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof known === 'object' && known !== null ? (known as Record<string, boolean>) : {};
  } catch {
    return {};
  }
}

async function remember(file: string, memory: Record<string, boolean>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(memory));
}
