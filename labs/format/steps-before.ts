import type { Lab, LabStep } from './lab.ts';

/**
 * What has been done where a step starts: the steps before it, but for the optional ones, which nobody has to take.
 * Undefined when the lab has no such step.
 */
export function stepsBefore({ steps }: Pick<Lab, 'steps'>, id: string): readonly LabStep[] | undefined {
  const index = steps.findIndex((step) => step.id === id);
  return index < 0 ? undefined : steps.slice(0, index).filter(({ optional }) => !optional);
}
