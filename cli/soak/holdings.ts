import { readdirSync, readFileSync } from 'node:fs';
import { descendants } from '../bench/processes.ts';
import type { SpareServer } from '../serve/spare-server.ts';
import type { Holdings } from './growth.ts';

export async function holdingsOf(server: SpareServer): Promise<Holdings> {
  const memoryBytes = await server.memoryBytes();
  return {
    memoryBytes,
    descriptors: readdirSync(`/proc/${server.pid}/fd`).length,
    files: readdirSync(server.stateFolder, { recursive: true }).length,
    processes: processesOf(server).length,
  };
}

/** Its children's children, and those that outlive it but work in its folder. */
export function processesOf({ pid, stateFolder }: Pick<SpareServer, 'pid' | 'stateFolder'>): number[] {
  const below = new Set(descendants(pid));
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && Number(name) !== pid && commandOf(name).includes(stateFolder)) below.add(Number(name));
  }
  return [...below];
}

/** Empty for a process that ended meanwhile. */
export function commandOf(pid: number | string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
