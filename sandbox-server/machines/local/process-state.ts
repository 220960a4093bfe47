import { readFile } from 'node:fs/promises';
import type { MachineUsage } from '../driver.ts';
import type { LookedAt } from '../qemu/qemu-process.ts';

/** Linux counts it in hundredths of a second wherever it shows it: proc(5), sysconf(_SC_CLK_TCK). */
const MS_PER_TICK = 10;

/** What /proc says of the last of a chain of processes, each the only child of the one before. */
export class ProcessState implements LookedAt {
  readonly #first: number;
  #last: number | undefined;

  constructor(first: number) {
    this.#first = first;
  }

  /** As by SIGSTOP. False when that cannot be known: it has ended, or this kernel does not say. */
  async isStopped(): Promise<boolean> {
    return (await this.#stat())?.[0] === 'T';
  }

  async usage(): Promise<MachineUsage | undefined> {
    const [stat, status] = await Promise.all([this.#stat(), this.#read('status')]);
    const anonymousKib = /^RssAnon:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
    if (stat === undefined || anonymousKib === undefined) return undefined;
    // Fields 14 and 15 of proc(5), of which the state is the third.
    const ticks = Number(stat[11]) + Number(stat[12]);
    return { processorMs: ticks * MS_PER_TICK, memoryBytes: Number(anonymousKib) * 1024 };
  }

  /** From the state on: a name in brackets comes before it, and may hold brackets. */
  async #stat(): Promise<string[] | undefined> {
    const stat = await this.#read('stat');
    return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  }

  async #read(file: string): Promise<string | undefined> {
    try {
      this.#last ??= await lastOf(this.#first);
      return await readFile(`/proc/${this.#last}/${file}`, 'utf8');
    } catch {
      return undefined;
    }
  }
}

async function lastOf(pid: number): Promise<number> {
  const [child] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ');
  return child ? lastOf(Number(child)) : pid;
}
