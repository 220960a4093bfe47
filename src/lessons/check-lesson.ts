import type { PublicLab } from '../../labs/format/lab.ts';
import { ContentProblem } from './content-problem.ts';

const STEP_TAG = /<Step\b[^>]*\bid=(["'])(.*?)\1/g;
const QUESTION_TAG = /<Question\b[^>]*\bid=(["'])(.*?)\1/g;
const FENCE_WITH_RUN = /^\s*```.*\brun=(?:(["'])(.*?)\1|(\S+))/gm;

/** A lesson and its lab must name the same steps, questions and terminals. Throws a ContentProblem for the first that differs. */
export function checkLessonAgainstLab({ file, source, lab }: { file: string; source: string; lab: PublicLab | null }) {
  const steps = [...source.matchAll(STEP_TAG)].map((match) => match[2] ?? '');
  const questions = [...source.matchAll(QUESTION_TAG)].map((match) => match[2] ?? '');
  const terminals = [...source.matchAll(FENCE_WITH_RUN)].map((match) => match[2] ?? match[3] ?? '');
  if (!lab) return refuseWithoutLab(file, { Step: steps[0], Question: questions[0], run: terminals[0] });
  refuseUnknown({ file, what: 'step', named: steps, known: lab.steps.map((step) => step.id), lab });
  refuseUnknown({ file, what: 'question', named: questions, known: lab.questions.map(({ id }) => id), lab });
  refuseUnknown({ file, what: 'terminal', named: terminals, known: lab.terminals.map(({ id }) => id), lab });
  requireOnce({ file, tag: 'Step', named: steps, known: lab.steps.map(({ id }) => id), lab });
  requireOnce({ file, tag: 'Question', named: questions, known: lab.questions.map(({ id }) => id), lab });
}

function requireOnce(use: { file: string; tag: string; named: string[]; known: string[]; lab: PublicLab }): void {
  const { file, tag, named, known, lab } = use;
  const what = tag.toLowerCase();
  const twice = named.find((id, index) => named.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new ContentProblem({ file, problem: `${what} "${twice}" appears twice`, fix: `keep one <${tag}> for it` });
  }
  const missing = known.find((id) => !named.includes(id));
  if (missing === undefined) return;
  const fix = `write <${tag} id="${missing}" /> where the reader should do it`;
  throw new ContentProblem({ file, problem: `${what} "${missing}" of lab "${lab.id}" is not shown`, fix });
}

function refuseWithoutLab(
  file: string,
  named: { Step?: string | undefined; Question?: string | undefined; run?: string | undefined },
): void {
  const used = [
    ...(['Step', 'Question'] as const).flatMap((tag) =>
      named[tag] === undefined ? [] : `<${tag} id="${named[tag]}">`,
    ),
    ...(named.run === undefined ? [] : [`run=${named.run}`]),
  ][0];
  if (used === undefined) return;
  throw new ContentProblem({
    file,
    problem: `${used} needs a lab, and this lesson names none`,
    fix: 'add `lab: <id>` to its frontmatter',
  });
}

function refuseUnknown(use: { file: string; what: string; named: string[]; known: string[]; lab: PublicLab }): void {
  const unknown = use.named.find((name) => !use.known.includes(name));
  if (unknown === undefined) return;
  throw new ContentProblem({
    file: use.file,
    problem: `lab "${use.lab.id}" has no ${use.what} "${unknown}"`,
    fix: `use one of: ${use.known.join(', ')}`,
  });
}
