import type { Lab } from '../../labs/format/lab.ts';
import type { QuestionState, StepState } from '../../protocol/state.ts';
import { IMPAIRMENT_KINDS, type Impairment, type ImpairmentKind } from '../../protocol/troubles.ts';

/** What is more in the way comes first. */
function obstacleOn(machine: string | undefined, impairments: readonly Impairment[]): ImpairmentKind | undefined {
  const there = impairments.filter((one) => one.machine === machine).map(({ kind }) => kind);
  return IMPAIRMENT_KINDS.find((kind) => there.includes(kind));
}

/** Says of each line that could not be asked what is wrong with its machine, if anything is. */
export function withObstacles(steps: readonly StepState[], lab: Lab, impairments: readonly Impairment[]): StepState[] {
  if (impairments.length === 0) return [...steps];
  return steps.map((state) => {
    const step = lab.steps.find(({ id }) => id === state.id);
    const asked = [...(step?.checks ?? []), ...(step?.verdict?.parts ?? [])];
    const explain = (line: StepState['checks'][number]) => {
      const machine = asked.find(({ id }) => id === line.id)?.machine;
      return explained(line, obstacleOn(machine, impairments));
    };
    return { ...state, checks: state.checks.map(explain), verdict: state.verdict.map(explain) };
  });
}

export function questionsWithObstacles(
  questions: readonly QuestionState[],
  lab: Lab,
  impairments: readonly Impairment[],
): QuestionState[] {
  return questions.map((question) => {
    const machine = lab.questions.find(({ id }) => id === question.id)?.machine;
    return explained(question, obstacleOn(machine, impairments));
  });
}

function explained<Line extends { readonly status: string }>(line: Line, obstacle: ImpairmentKind | undefined): Line {
  return line.status === 'errored' && obstacle !== undefined ? { ...line, obstacle } : line;
}
