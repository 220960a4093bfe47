import { availableParallelism } from 'node:os';
import type { Lab } from '../../labs/format/lab.ts';
import { Turns } from '../../sandbox-server/turns.ts';
import { parseWords, usage } from './arguments.ts';
import { type Choice, requireChoice } from './choice.ts';
import { chosenIds, findLab } from './find-lab.ts';
import type { Finding } from './finding.ts';
import { openEngine, type Surroundings } from './open-engine.ts';
import { findingRow, repeatTable, summary } from './table.ts';
import { type Timing, tryLab } from './try-lab.ts';
import type { Engine } from './tryout.ts';

/** Sandboxes at a time: more than processors only makes each of them slower. */
export const SANDBOXES_AT_ONCE = Math.min(availableParallelism(), 4);

/** One time that a lab was tried. */
export interface Run {
  readonly findings: readonly Finding[];
  readonly timings: readonly Timing[];
  readonly ms: number;
}

/** `npm run lab -- test [<id> …] [--step S] [--mutant M] [--repeat N]`: 0 only if every promise held every time. */
export async function test(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { names, repeat, choice } = parseTest(args);
  const labs = chosenIds(names).map((id) => findLab(id));
  requireChoice(labs, choice);
  await using engine = await openEngine(labs, surroundings);
  let broken = 0;
  for (const lab of labs) {
    const runs: Run[] = [];
    for (let run = 1; run <= repeat; run += 1) {
      console.log(`\n${lab.id}${repeat > 1 ? `, run ${run} of ${repeat}` : ''}`);
      runs.push(await runOnce(lab, { engine, choice, signal: surroundings.signal }));
    }
    broken += runs.flatMap(({ findings }) => findings).filter(({ problem }) => problem !== null).length;
    if (repeat > 1) console.log(`\n${lab.id}\n${repeatTable(runs)}`);
  }
  return broken === 0 ? 0 : 1;
}

async function runOnce(lab: Lab, options: { engine: Engine; choice: Choice; signal: AbortSignal }): Promise<Run> {
  const startedAt = performance.now();
  const timings: Timing[] = [];
  const findings = await tryLab(lab, {
    ...options,
    turns: new Turns(SANDBOXES_AT_ONCE),
    onFinding: (finding) => console.log(findingRow(finding)),
    onSandbox: (timing) => timings.push(timing),
  });
  const run = { findings, timings, ms: performance.now() - startedAt };
  console.log(summary(run));
  return run;
}

function parseTest(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseWords(args, { repeat: { ...text, default: '1' }, step: text, mutant: text });
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1) throw usage(`--repeat is "${values.repeat}"; it takes a number from 1.`);
  return { names: positionals, repeat, choice: { step: values.step, mutant: values.mutant } };
}
