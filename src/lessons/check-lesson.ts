import type { PublicLab } from '../../labs/format/lab.ts';
import { ContentProblem } from './content-problem.ts';

const STEP_TAG = /<Step\b[^>]*\bid=(["'])(.*?)\1/g;
const FENCE_WITH_RUN = /^\s*```.*\brun=(?:(["'])(.*?)\1|(\S+))/gm;

/** A lesson and its lab must name the same steps and terminals. Throws a ContentProblem for the first that differs. */
export function checkLessonAgainstLab({ file, source, lab }: { file: string; source: string; lab: PublicLab | null }) {
  const steps = [...source.matchAll(STEP_TAG)].map((match) => match[2] ?? '');
  const terminals = [...source.matchAll(FENCE_WITH_RUN)].map((match) => match[2] ?? match[3] ?? '');
  if (!lab) return refuseWithoutLab(file, steps[0], terminals[0]);
  refuseUnknown({ file, what: 'step', named: steps, known: lab.steps.map((step) => step.id), lab });
  refuseUnknown({ file, what: 'terminal', named: terminals, known: lab.terminals.map(({ id }) => id), lab });
  const twice = steps.find((step, index) => steps.indexOf(step) !== index);
  if (twice !== undefined) {
    throw new ContentProblem({ file, problem: `step "${twice}" appears twice`, fix: 'keep one <Step> for it' });
  }
  const missing = lab.steps.find((step) => !steps.includes(step.id));
  if (missing) {
    const fix = `write <Step id="${missing.id}" /> where the reader should do it`;
    throw new ContentProblem({ file, problem: `step "${missing.id}" of lab "${lab.id}" is not shown`, fix });
  }
}

function refuseWithoutLab(file: string, step: string | undefined, terminal: string | undefined): void {
  const used = step !== undefined ? `<Step id="${step}">` : terminal !== undefined ? `run=${terminal}` : undefined;
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
