import { chosenIds, findLab } from './find-lab.ts';
import { openEngine, type Surroundings } from './open-engine.ts';

/** `npm run lab -- bake [<id> …]`: makes the templates now, so that the first learner does not wait for them. */
export async function bake(names: readonly string[], surroundings: Surroundings): Promise<number> {
  const labs = chosenIds(names).map((id) => findLab(id));
  await using engine = await openEngine(labs, surroundings);
  for (const lab of labs) {
    for (const [role, { key }] of await engine.templates.forLab(lab)) console.log(`${lab.id} ${role} ${key}`);
  }
  return 0;
}
