import type { Lab } from '../../labs/format/lab.ts';
import { type AskOptions, ask, runScript } from './ask.ts';
import { judge } from './judge.ts';
import type { Subject } from './witness.ts';

export interface ProbeOptions extends AskOptions {
  /** What runs the scripts of a subject, before whoever looks on. */
  runOf(subject: Subject): AskOptions['run'];
}

/** Runs one script of a lab for its author: what comes of it is for the witness alone. Nothing, where there is no such. */
export async function probe(lab: Lab, subject: Subject, options: ProbeOptions): Promise<void> {
  const run = options.runOf(subject);
  const step = lab.steps.find(({ id }) => id === subject.step);
  const check = step?.checks.find(({ id }) => id === subject.id);
  const question = lab.questions.find(({ id }) => id === subject.id);
  if (subject.kind === 'check' && check) await ask(check, { ...options, run });
  if (subject.kind === 'part' && step?.verdict) await probePart(step.verdict, subject, { ...options, run });
  if (subject.kind === 'question' && question?.script) {
    await runScript({ machine: question.machine, script: question.script }, { ...options, run });
  }
}

/** With a proof of its own, put and removed as for a whole verdict. */
async function probePart(
  verdict: NonNullable<Lab['steps'][number]['verdict']>,
  subject: Subject,
  options: ProbeOptions,
): Promise<void> {
  const parts = verdict.parts.filter(({ id }) => id === subject.id);
  const judged = judge(
    { ...verdict, parts },
    {
      ...options,
      run: options.runOf({ ...subject, kind: 'proof', id: 'proof' }),
      ask: (part, proof) => ask(part, { ...options, proof, timeoutMs: part.timeoutMs }),
      proofFailed: () => {},
    },
  );
  for await (const _ of judged);
}
