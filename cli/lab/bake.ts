import { chosenIds, findLab } from './find-lab.ts';
import { openEngine, type Surroundings } from './open-engine.ts';

/** `npm run lab -- bake [<id> …]`: makes the templates now, those of later steps too, so that no learner waits for one. */
export async function bake(names: readonly string[], surroundings: Surroundings): Promise<number> {
  const labs = chosenIds(names).map((id) => findLab(id));
  await using engine = await openEngine(labs, surroundings, ({ steps }) => steps.map(({ id }) => id));
  for (const lab of labs) {
    for (const step of lab.steps) {
      for (const [role, { key }] of await engine.templates.forLab(lab, step.id)) {
        console.log(`${lab.id} ${step.id} ${role} ${key}`);
      }
    }
  }
  return 0;
}
