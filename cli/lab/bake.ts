import { chosenIds, findLab } from './find-lab.ts';
import { openEngine } from './open-engine.ts';

/** `npm run lab -- bake [<id> …]`: makes the templates now, so that the first learner does not wait for them. */
export async function bake(names: readonly string[], signal: AbortSignal): Promise<number> {
  await using engine = await openEngine(signal);
  for (const id of chosenIds(names)) {
    for (const [role, { key }] of await engine.templates.forLab(findLab(id))) console.log(`${id} ${role} ${key}`);
  }
  return 0;
}
