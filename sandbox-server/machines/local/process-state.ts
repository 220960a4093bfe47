import { readFile } from 'node:fs/promises';

/** Whether the last of a chain of processes, each the only child of the one before, is stopped, as by SIGSTOP. */
export class ProcessState {
  readonly #first: number;
  #last: number | undefined;

  constructor(first: number) {
    this.#first = first;
  }

  /** False when that cannot be known: it has ended, or this kernel does not say. */
  async isStopped(): Promise<boolean> {
    try {
      this.#last ??= await lastOf(this.#first);
      const stat = await readFile(`/proc/${this.#last}/stat`, 'utf8');
      // A name in brackets comes before the state, and may hold brackets.
      return stat[stat.lastIndexOf(')') + 2] === 'T';
    } catch {
      return false;
    }
  }
}

async function lastOf(pid: number): Promise<number> {
  const [child] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ');
  return child ? lastOf(Number(child)) : pid;
}
