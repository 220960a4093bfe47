import type { Lab, LabQuestion } from '../../labs/format/lab.ts';
import type { Mark } from '../../sandbox-server/checks/mark.ts';
import { type Finding, joined } from './finding.ts';
import type { Tryout } from './tryout.ts';

type QuestionMutant = LabQuestion['mutants'][number];

/** What a lab says is right of a fresh machine is accepted there, and whatever else there is to choose is refused. */
export async function tryQuestions({ questions }: Lab, tryout: Tryout): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const question of questions) {
    const promise = 'question: right is right, all else is wrong';
    findings.push(await tryQuestion(question, question.answer, { tryout, promise, subject: question.id }));
  }
  return findings;
}

/** After a change of the machine something else is right, and what was right is not. */
export async function tryQuestionMutant(
  question: LabQuestion,
  { id, lines, answer }: QuestionMutant,
  tryout: Tryout,
): Promise<Finding> {
  await tryout.typeAll(lines);
  return tryQuestion(question, answer, { tryout, promise: `mutant: ${question.id} is ${answer}`, subject: id });
}

interface Trial {
  readonly tryout: Tryout;
  readonly promise: string;
  readonly subject: string;
}

async function tryQuestion(question: LabQuestion, right: string, { tryout, ...place }: Trial): Promise<Finding> {
  const startedAt = performance.now();
  const problems: string[] = [];
  for (const answer of answersTo(question, right)) {
    const marked = await tryout.mark(question, answer);
    const wanted = answer === right ? 'right' : 'wrong';
    if (marked.status !== wanted) problems.push(`"${answer}" ${describe(marked)}`);
  }
  const ms = Math.round(performance.now() - startedAt);
  return { step: 'questions', ...place, problem: joined(problems), ms };
}

function answersTo({ choices, answer }: LabQuestion, right: string): string[] {
  const others = choices?.map(({ id }) => id) ?? [answer, `not ${right}`];
  return [...new Set([right, ...others])];
}

function describe(marked: Mark): string {
  return marked.status === 'errored' ? `could not be marked: ${marked.detail}` : `is ${marked.status}`;
}
