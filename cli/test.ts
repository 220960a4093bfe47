import { Stop } from './preflight/stop.mjs';
import type { Progress } from './progress/progress.mjs';
import { STAGES, type Stage } from './test/stages.ts';
import { add, isGreen, NOTHING, summarise } from './test/tally.ts';

/**
 * `npm test [-- <stage> …]`: runs the stages in order, goes on after one that failed, and ends with one line that
 * counts everything.
 */
export async function run(args: readonly string[], progress: Progress): Promise<number> {
  let total = NOTHING;
  for (const stage of select(STAGES, args)) {
    console.log(`\n== ${stage.title} (${stage.name})`);
    const tally = await stage.run(progress);
    total = add(total, tally);
    console.log(`== ${stage.title}: ${summarise(tally)}`);
  }
  console.log(`\n${summarise(total)}`);
  return isGreen(total) ? 0 : 1;
}

/** All stages, or those named; a name that does not exist is an error, lest nothing be run and called green. */
export function select(stages: readonly Stage[], names: readonly string[]): readonly Stage[] {
  const known = [...new Set(stages.map(({ name }) => name))];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Stop({
      what: `There is no stage "${unknown.join('", "')}".`,
      fix: `There are: ${known.join(', ')}. Without a name all of them run.`,
    });
  }
  return names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name));
}
