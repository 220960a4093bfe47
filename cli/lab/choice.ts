import type { Lab } from '../../labs/format/lab.ts';
import { Stop } from '../preflight/stop.mjs';

/** What of a lab somebody wants tried: one step with its mutants, or one mutant. Nothing said is everything. */
export interface Choice {
  readonly step?: string | undefined;
  readonly mutant?: string | undefined;
}

export const EVERYTHING: Choice = {};

export function isEverything({ step, mutant }: Choice): boolean {
  return step === undefined && mutant === undefined;
}

export function hasStep(choice: Choice, step: string): boolean {
  return choice.mutant === undefined && (choice.step === undefined || choice.step === step);
}

/** `step` is null for a question's mutant. */
export function hasMutant(choice: Choice, step: string | null, mutant: string): boolean {
  const isOfStep = choice.step === undefined || choice.step === step;
  return isOfStep && (choice.mutant === undefined || choice.mutant === mutant);
}

/** A choice that leaves nothing to try is an error, lest nothing be tried and called green. */
export function requireChoice(labs: readonly Lab[], choice: Choice): void {
  const of = (lab: Lab) => [
    ...lab.steps.flatMap((step) => step.mutants.map((mutant) => ({ step: step.id, mutant: mutant.id }))),
    ...lab.questions.flatMap((question) => question.mutants.map((mutant) => ({ step: null, mutant: mutant.id }))),
  ];
  const steps = labs.flatMap((lab) => lab.steps.map(({ id }) => id));
  const { step, mutant } = choice;
  if (step !== undefined && !steps.includes(step)) {
    throw new Stop({ what: `There is no step "${step}".`, fix: `There are: ${steps.join(', ')}.` });
  }
  const mutants = labs.flatMap(of).filter((one) => step === undefined || one.step === step);
  if (mutant === undefined || mutants.some((one) => one.mutant === mutant)) return;
  const names = mutants.map((one) => one.mutant).join(', ') || 'none';
  throw new Stop({
    what: `There is no mutant "${mutant}"${step ? ` of step ${step}` : ''}.`,
    fix: `There are: ${names}.`,
  });
}
