import type { Lab, LabStep } from '../../labs/format/lab.ts';

/** Steps of which a newer form of a lab asks something else, or says something else of what was answered. */
export function changedSteps(before: Lab, after: Lab): ReadonlySet<string> {
  const old = new Map(before.steps.map((step) => [step.id, asked(step)]));
  const isNew = (step: LabStep) => before.kit !== after.kit || old.get(step.id) !== asked(step);
  return new Set(after.steps.filter(isNew).map(({ id }) => id));
}

function asked({ checks, verdict }: LabStep): string {
  return JSON.stringify([checks, verdict]);
}
