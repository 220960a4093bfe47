import type { LabMutant, LabStep } from '../../labs/format/lab.ts';
import type { Outcome } from '../../sandbox-server/checks/ask.ts';
import type { Finding } from './finding.ts';
import { type Stage, timedAsk } from './try-step.ts';
import { judgeWithoutTrace, said } from './try-verdict.ts';

/**
 * A wrong solution, typed in a sandbox where the step starts, is caught by the check it names, with the message it
 * names.
 */
export async function tryMutant(stage: Stage, step: LabStep, mutant: LabMutant): Promise<Finding> {
  await stage.tryout.typeAll(mutant.lines);
  const { outcome, ms, left } = await askCatcher(stage, step, mutant);
  const caught = outcome?.status === 'failed' && outcome.answer.message === mutant.message;
  const problems = [...(caught ? [] : [`${mutant.caughtBy} ${said(outcome)}`]), ...left];
  return {
    step: step.id,
    subject: mutant.id,
    promise: `mutant: caught by ${mutant.caughtBy}, ${mutant.message}`,
    problem: problems.length === 0 ? null : problems.join('; '),
    ms,
  };
}

async function askCatcher(
  stage: Stage,
  step: LabStep,
  { caughtBy }: LabMutant,
): Promise<{ outcome: Outcome | undefined; ms: number; left: readonly string[] }> {
  if (step.verdict?.parts.some(({ id }) => id === caughtBy)) {
    const { outcomes, ...judged } = await judgeWithoutTrace(stage, step.verdict);
    return { outcome: outcomes.get(caughtBy), ...judged };
  }
  const check = step.checks.find(({ id }) => id === caughtBy);
  if (check === undefined) throw new Error(`Step ${step.id} has no check "${caughtBy}".`);
  return { ...(await timedAsk(stage, check)), left: [] };
}
