import { availableParallelism } from 'node:os';
import { parseWords, usage } from './arguments.ts';
import { chosenIds, findLab } from './find-lab.ts';
import type { Finding } from './finding.ts';
import { openEngine, type Surroundings } from './open-engine.ts';
import { findingRow, flakes, summary } from './table.ts';
import { tryLab } from './try-lab.ts';

/** Sandboxes at a time: more than processors only makes each of them slower. */
const MOST_SANDBOXES = 4;

/** `npm run lab -- test [<id> …] [--repeat N]`: 0 only if every promise held every time. */
export async function test(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { names, repeat } = parseTest(args);
  const labs = chosenIds(names).map((id) => findLab(id));
  await using engine = await openEngine(labs, surroundings);
  const width = Math.min(availableParallelism(), MOST_SANDBOXES);
  let broken = 0;
  for (const lab of labs) {
    const runs: (readonly Finding[])[] = [];
    for (let run = 1; run <= repeat; run += 1) {
      const startedAt = performance.now();
      console.log(`\n${lab.id}${repeat > 1 ? `, run ${run} of ${repeat}` : ''}`);
      const onFinding = (finding: Finding) => console.log(findingRow(finding));
      const findings = await tryLab(lab, { engine, width, signal: surroundings.signal, onFinding });
      console.log(summary(findings, performance.now() - startedAt));
      runs.push(findings);
    }
    broken += runs.flat().filter(({ problem }) => problem !== null).length;
    if (repeat > 1) console.log(flakes(runs));
  }
  return broken === 0 ? 0 : 1;
}

function parseTest(args: readonly string[]) {
  const { values, positionals } = parseWords(args, { repeat: { type: 'string', default: '1' } });
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1) throw usage(`--repeat is "${values.repeat}"; it takes a number from 1.`);
  return { names: positionals, repeat };
}
