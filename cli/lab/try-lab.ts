import type { Lab } from '../../labs/format/lab.ts';
import type { Finding } from './finding.ts';
import { tryMutant } from './try-mutant.ts';
import { tryQuestionMutant, tryQuestions } from './try-question.ts';
import { tryStep } from './try-step.ts';
import { type Engine, Tryout } from './tryout.ts';

export interface TrialOptions {
  readonly engine: Engine;
  /** How many sandboxes may run at a time. */
  readonly width: number;
  readonly signal: AbortSignal;
  /** Told as soon as something is known. */
  readonly onFinding: (finding: Finding) => void;
}

/** Proves a lab on real machines: its questions and steps in order in one sandbox, each mutant in one at its step. */
export async function tryLab(lab: Lab, options: TrialOptions): Promise<Finding[]> {
  const inItsOwn = (place: MutantPlace, work: (tryout: Tryout) => Promise<Finding>) => async () => {
    const { engine, signal } = options;
    const typed = async () => {
      await using tryout = await Tryout.start(lab, engine, { signal, step: place.startsAt });
      return await work(tryout);
    };
    const { step, subject } = place;
    return told(options, [await unlessBroken({ step, subject, promise: 'mutant: can be typed' }, signal, typed)]);
  };
  const jobs = [
    () => trySteps(lab, options),
    ...lab.steps.flatMap((step) =>
      step.mutants.map((mutant) => {
        const place = { step: step.id, subject: mutant.id, startsAt: step.id };
        return inItsOwn(place, (tryout) => tryMutant({ lab, tryout }, step, mutant));
      }),
    ),
    ...lab.questions.flatMap((question) =>
      question.mutants.map((mutant) => {
        const place = { step: 'questions', subject: mutant.id, startsAt: undefined };
        return inItsOwn(place, (tryout) => tryQuestionMutant(question, mutant, tryout));
      }),
    ),
  ];
  return (await inParallel(jobs, options.width)).flat();
}

interface MutantPlace {
  readonly step: string;
  readonly subject: string;
  /** Undefined for the beginning. */
  readonly startsAt: string | undefined;
}

async function trySteps(lab: Lab, options: TrialOptions): Promise<Finding[]> {
  await using tryout = await Tryout.start(lab, options.engine, options);
  const findings = told(options, await tryQuestions(lab, tryout));
  for (const step of lab.steps) {
    const place = { step: step.id, subject: 'solution', promise: 'solution: can be typed' };
    const found = await unlessBroken(place, options.signal, () => tryStep({ lab, tryout }, step));
    findings.push(...told(options, [found].flat()));
    // Later steps start where this one ended; if it did not end they would only say so again.
    if (!Array.isArray(found)) break;
  }
  return findings;
}

function told({ onFinding }: TrialOptions, findings: Finding[]): Finding[] {
  for (const finding of findings) onFinding(finding);
  return findings;
}

/** A line that does not finish or a machine that ends is a problem of the lab, and no reason to stop the others. */
async function unlessBroken<T>(
  place: Omit<Finding, 'problem' | 'ms'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | Finding> {
  try {
    return await work();
  } catch (cause) {
    signal.throwIfAborted();
    return { ...place, problem: cause instanceof Error ? cause.message : String(cause), ms: null };
  }
}

async function inParallel<T>(jobs: readonly (() => Promise<T>)[], width: number): Promise<T[]> {
  const results = new Map<number, T>();
  const queue = [...jobs.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results.set(next[0], await next[1]());
  };
  await Promise.all(Array.from({ length: width }, work));
  return jobs.map((_job, index) => results.get(index) as T);
}
