import { ATTEMPT_GROUPS, ATTEMPTS, type Attempt } from './attempts.ts';
import { inJail, type ProbeResult, runProbe, withoutJail } from './run-probe.ts';
import { type Scene, type SceneOptions, setScene } from './scene.ts';

export interface Trial {
  readonly attempt: Attempt;
  readonly inJail: ProbeResult;
  /** Undefined: not tried, see Attempt.withoutJail. */
  readonly withoutJail?: ProbeResult;
}

/** Every attempt in a jail as machines have it, and, where that can be, without. */
export async function tryJail(options: SceneOptions): Promise<Trial[]> {
  await using scene = await setScene(options);
  const { jail, inside, outside } = scene;
  const [ofForks, ofDrafts, controls] = await Promise.all([
    runProbe(inJail({ jail, createsFiles: false }), inside, names(ATTEMPTS.filter(({ asDraft }) => !asDraft))),
    runProbe(inJail({ jail, createsFiles: true }), inside, names(ATTEMPTS.filter(({ asDraft }) => asDraft))),
    Promise.all(ATTEMPT_GROUPS.map(({ attempts }) => tryWithoutJail(attempts, options, outside))),
  ]);
  const found = resultsByName([...ofForks, ...ofDrafts]);
  const control = resultsByName(controls.flat());
  return ATTEMPTS.map((attempt) => {
    const alone = control.get(attempt.name);
    return { attempt, inJail: found.get(attempt.name) ?? untried(attempt), ...(alone && { withoutJail: alone }) };
  });
}

/** One probe each: nothing undoes what they do to themselves. One after the other: some of a group want the same file. */
async function tryWithoutJail(
  attempts: readonly Attempt[],
  { asRoot }: SceneOptions,
  given: Scene['outside'],
): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  const possible = attempts.filter(({ withoutJail }) => withoutJail === 'anyone' || (withoutJail === 'root' && asRoot));
  for (const { name } of possible) results.push(...(await runProbe(withoutJail, given, [name])));
  return results;
}

const names = (attempts: readonly Attempt[]): string[] => attempts.map(({ name }) => name);
const resultsByName = (results: readonly ProbeResult[]) => new Map(results.map((one) => [one.attempt, one]));
const untried = ({ name }: Attempt): ProbeResult => ({ attempt: name, outcome: 'unknown', how: 'not tried' });
