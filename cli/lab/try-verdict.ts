import type { LabStep, LabVerdict, LabVerdictPart } from '../../labs/format/lab.ts';
import type { Outcome } from '../../sandbox-server/checks/ask.ts';
import { describeOutcome, type Finding, joined } from './finding.ts';
import { compareTraces, listTraces } from './traces.ts';
import type { Stage } from './try-step.ts';

export interface Judged {
  /** By the id of the part; those that were not asked are missing. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly ms: number;
  /** What was left behind, and what went wrong with the proof. */
  readonly left: readonly string[];
}

/** Asks a verdict and lists what it left behind on any machine, whatever its outcome. */
export async function judgeWithoutTrace(
  { lab, tryout }: Stage,
  verdict: LabVerdict,
  options: { everyPart?: boolean } = {},
): Promise<Judged> {
  const before = await listTraces(lab, tryout);
  const startedAt = performance.now();
  const { outcomes, problems } = await tryout.judge(verdict, options);
  const ms = Math.round(performance.now() - startedAt);
  const differences = compareTraces(before, await listTraces(lab, tryout));
  return { outcomes, ms, left: [...problems, ...differences.map((line) => `it left a trace on ${line}`)] };
}

interface Trials {
  /** Every part, when the step starts. */
  readonly before: Judged;
  /** After the solution. */
  readonly after: Judged;
}

/** Every part is seen to fail, if only by a mutant, and passes after the solution; before it some attack works. */
export function verdictFindings(step: LabStep, verdict: LabVerdict, { before, after }: Trials): Finding[] {
  const attacks = verdict.parts.filter(({ kind }) => kind === 'attack');
  const worked = attacks.some(({ id }) => before.outcomes.get(id)?.status === 'failed');
  const unasked = attacks.filter(({ id }) => before.outcomes.get(id)?.status === 'errored');
  const follows = `it cannot be told, because ${unasked.map(({ id }) => id).join(' and ')} could not be asked`;
  const nothing = 'no attack fails with a message before the solution: nothing had to be defended';
  const whole = { step: step.id, subject: 'verdict' };
  return [
    ...verdict.parts.map((part) => partFinding(step, part, { before, after })),
    {
      ...{ ...whole, promise: 'verdict: an attack works before', ms: before.ms },
      problem: worked ? null : unasked.length > 0 ? follows : nothing,
    },
    { ...whole, promise: 'verdict: leaves no trace', problem: joined([...before.left, ...after.left]), ms: after.ms },
  ];
}

function partFinding(step: LabStep, { id, kind }: LabVerdictPart, { before, after }: Trials): Finding {
  const [first, last] = [before.outcomes.get(id), after.outcomes.get(id)];
  const hasMutant = step.mutants.some(({ caughtBy }) => caughtBy === id);
  const isSeenToFail = first?.status === 'failed' || (first?.status === 'passed' && hasMutant);
  const neverFails = first?.status === 'passed' ? ', and no mutant is caught by it' : '';
  const problems = [
    ...(isSeenToFail ? [] : [`before the solution it ${said(first)}${neverFails}`]),
    ...(last?.status === 'passed' ? [] : [`after the solution it ${said(last)}`]),
  ];
  const promise = `${kind}: is seen to fail, then passes`;
  return { step: step.id, subject: id, promise, problem: joined(problems), ms: null };
}

/** What a part answered, if it was asked. */
export function said(outcome: Outcome | undefined): string {
  return outcome ? describeOutcome(outcome) : 'was not asked, because a use failed';
}
