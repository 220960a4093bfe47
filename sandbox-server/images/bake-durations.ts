import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const FILE = 'durations.json';
/** Guesses for what has never been measured here: two emulated cores. */
const GUESSED = { solveMs: 8_000, restMs: 8_000 } as const;

const schema = z.record(z.string(), z.number());

/** How long checkpoints took here the last time they were made, so that whoever waits can be told. */
export class BakeDurations {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, FILE);
  }

  /** For solving these steps of a lab and all that is done beside it. */
  async expectMs(lab: string, steps: readonly { readonly id: string }[]): Promise<number> {
    const known = await this.#read();
    const solving = steps.map(({ id }) => known[nameOf(lab, id)] ?? GUESSED.solveMs);
    return solving.reduce((sum, ms) => sum + ms, known[nameOf(lab, '')] ?? GUESSED.restMs);
  }

  /** By step; everything else counts as the lab's own. */
  async remember(lab: string, measured: { readonly totalMs: number; readonly stepMs: ReadonlyMap<string, number> }) {
    const solvingMs = [...measured.stepMs.values()].reduce((sum, ms) => sum + ms, 0);
    const fresh = [...measured.stepMs, ['', measured.totalMs - solvingMs] as const];
    const all = { ...(await this.#read()) };
    for (const [step, ms] of fresh) all[nameOf(lab, step)] = Math.round(ms);
    const draft = `${this.#file}.${process.pid}`;
    await writeFile(draft, `${JSON.stringify(all, null, 2)}\n`);
    await rename(draft, this.#file);
  }

  /** Losing it costs nothing but a better estimate. */
  async #read(): Promise<z.infer<typeof schema>> {
    try {
      return schema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return {};
    }
  }
}

const nameOf = (lab: string, step: string): string => `${lab}/${step}`;
