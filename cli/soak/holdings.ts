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

/** What is below it, and what works in its folder without being its child, as machines do. */
export function processesOf({ pid, stateFolder }: Pick<SpareServer, 'pid' | 'stateFolder'>): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== pid);
  const elsewhere = all.filter((name) => commandOf(name).includes(stateFolder)).map(Number);
  return [...new Set([...descendants(pid), ...elsewhere, ...elsewhere.flatMap(descendants)])];
}

/** Empty for a process that ended meanwhile. */
export function commandOf(pid: number | string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
