import type { Lab, LabCheck, LabStep } from '../../labs/format/lab.ts';
import type { Outcome, Question } from '../../sandbox-server/checks/ask.ts';
import { describeOutcome, type Finding, joined } from './finding.ts';
import { judgeWithoutTrace, verdictFindings } from './try-verdict.ts';
import type { Tryout } from './tryout.ts';

const CHECK_TIMEOUT_MS = 20_000;
/** Processes of a login take a moment to end after it; a goal may be asked again that long. */
const SETTLE_TIMEOUT_MS = 20_000;

interface Asked {
  readonly outcome: Outcome;
  readonly ms: number;
}

/** Where a step is tried. */
export interface Stage {
  readonly lab: Lab;
  readonly tryout: Tryout;
}

/** Every goal fails before the solution and passes after it, every guard holds all the while, and so on for the verdict. */
export async function tryStep(stage: Stage, step: LabStep): Promise<Finding[]> {
  const goals = step.checks.filter(({ kind }) => kind === 'goal');
  const guards = step.checks.filter(({ kind }) => kind === 'guard');
  const before = new Map<LabCheck, Outcome>();
  for (const check of step.checks) before.set(check, (await timedAsk(stage, check)).outcome);
  const judgedBefore = step.verdict && (await judgeWithoutTrace(stage, step.verdict, { everyPart: true }));

  const lapses = new Map<LabCheck, string>();
  for (const line of step.solution) {
    await stage.tryout.type(line);
    for (const guard of guards) {
      const { outcome } = await timedAsk(stage, guard);
      if (outcome.status !== 'passed') lapses.set(guard, `after "${line.command}" it ${describeOutcome(outcome)}`);
    }
  }

  const findings: Finding[] = [];
  for (const goal of goals) findings.push(goalFinding(step, goal, before.get(goal), await askUntilPassed(stage, goal)));
  for (const guard of guards) {
    const after = await timedAsk(stage, guard);
    findings.push(
      guardFinding(step, guard, [before.get(guard), after.outcome], { lapse: lapses.get(guard), ms: after.ms }),
    );
  }
  if (judgedBefore && step.verdict) {
    const after = await judgeWithoutTrace(stage, step.verdict);
    findings.push(...verdictFindings(step, step.verdict, { before: judgedBefore, after }));
  }
  return findings;
}

export async function timedAsk({ tryout }: Stage, question: Question, timeoutMs = CHECK_TIMEOUT_MS): Promise<Asked> {
  const startedAt = performance.now();
  const outcome = await tryout.ask(question, timeoutMs);
  return { outcome, ms: Math.round(performance.now() - startedAt) };
}

/** Asks once, and again only while the answer is not yet what it should become. */
async function askUntilPassed(stage: Stage, question: Question): Promise<Asked> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  let asked = await timedAsk(stage, question);
  while (asked.outcome.status !== 'passed' && performance.now() < deadline) asked = await timedAsk(stage, question);
  return asked;
}

function goalFinding(step: LabStep, goal: LabCheck, before: Outcome | undefined, { outcome, ms }: Asked): Finding {
  const problems = [
    before?.status === 'failed' ? [] : [`before the solution it ${before ? describeOutcome(before) : 'was not asked'}`],
    outcome.status === 'passed' ? [] : [`after the solution it ${describeOutcome(outcome)}`],
  ].flat();
  return { step: step.id, subject: goal.id, promise: 'goal: fails, then passes', problem: joined(problems), ms };
}

function guardFinding(
  step: LabStep,
  guard: LabCheck,
  outcomes: readonly (Outcome | undefined)[],
  { lapse, ms }: { lapse: string | undefined; ms: number },
): Finding {
  const broken = outcomes.filter((outcome) => outcome !== undefined && outcome.status !== 'passed');
  const problems = [...broken.map((outcome) => `it ${describeOutcome(outcome)}`), ...(lapse ? [lapse] : [])];
  return { step: step.id, subject: guard.id, promise: 'guard: holds throughout', problem: joined(problems), ms };
}
