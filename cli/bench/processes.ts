import { readdirSync, readFileSync } from 'node:fs';

/** Every process below the given one. */
export function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = parentOf(name);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (const queue = [root]; queue.length > 0; ) {
    const next = children.get(queue.pop() ?? -1) ?? [];
    found.push(...next);
    queue.push(...next);
  }
  return found;
}

function parentOf(name: string): number | null {
  if (!/^\d+$/.test(name)) return null;
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null; // it ended meanwhile
  }
}

/** Proportional set size of everything below a process, in MiB: shared pages count by share. */
export function pssBelowMib(root: number): number {
  return descendants(root).reduce((sum, pid) => sum + pssKib(pid), 0) / 1024;
}

function pssKib(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
