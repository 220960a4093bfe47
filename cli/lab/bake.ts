import type { Lab } from '../../labs/format/lab.ts';
import type { TemplateRefs } from '../../sandbox-server/machines/templates.ts';
import { chosenIds, findLab } from './find-lab.ts';
import { openEngine, type Surroundings } from './open-engine.ts';

/** `npm run lab -- bake [<id> …]`: makes the templates now, those of later steps too, so that no learner waits for one. */
export async function bake(names: readonly string[], surroundings: Surroundings): Promise<number> {
  const labs = chosenIds(names).map((id) => findLab(id));
  const steps = (lab: Lab) => lab.steps.map(({ id }) => id);
  const onCheckpoint = (lab: Lab, step: string, refs: TemplateRefs) => {
    for (const [role, { key }] of refs) console.log(`${lab.id} ${step} ${role} ${key}`);
  };
  await using _engine = await openEngine(labs, { ...surroundings, steps, onCheckpoint });
  return 0;
}
