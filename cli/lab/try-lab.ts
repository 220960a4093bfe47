import type { Lab, LabStep } from '../../labs/format/lab.ts';
import type { Turns } from '../../sandbox-server/turns.ts';
import { type Choice, EVERYTHING, hasMutant, hasStep, isEverything } from './choice.ts';
import type { Finding } from './finding.ts';
import { tryMutant } from './try-mutant.ts';
import { tryQuestionMutant, tryQuestions } from './try-question.ts';
import { tryStep } from './try-step.ts';
import { type Engine, Tryout } from './tryout.ts';

export interface TrialOptions {
  readonly engine: Engine;
  /** As many as sandboxes may run at a time, of all labs that are tried together. */
  readonly turns: Turns;
  readonly signal: AbortSignal;
  /** Default: all of the lab. */
  readonly choice?: Choice;
  /** Asked when it would be a mutant's turn; what is not tried is named in `onLeftOut`. Default: there is time for all. */
  readonly hasTime?: () => boolean;
  readonly onLeftOut?: (mutant: string) => void;
  /** Told as soon as something is known. */
  readonly onFinding: (finding: Finding) => void;
  readonly onSandbox?: (timing: Timing) => void;
}

/** What one sandbox was for, and how long it and its checkpoint took. */
export interface Timing {
  readonly what: string;
  readonly ms: number;
}

interface Job {
  readonly what: string;
  readonly isMutant?: true;
  run(): Promise<Finding[]>;
}

/** Proves a lab on real machines: its questions and steps in order in one sandbox, each mutant in one at its step. */
export async function tryLab(lab: Lab, options: TrialOptions): Promise<Finding[]> {
  const { choice = EVERYTHING, turns, onSandbox, hasTime = () => true, onLeftOut } = options;
  const jobs = [...stepJobs(lab, choice, options), ...mutantJobs(lab, choice, options)];
  const timed = async ({ what, isMutant, run }: Job) => {
    using _turn = await turns.take({ signal: options.signal });
    if (isMutant && !hasTime()) {
      onLeftOut?.(what);
      return [];
    }
    const startedAt = performance.now();
    const findings = await run();
    onSandbox?.({ what, ms: performance.now() - startedAt });
    return findings;
  };
  // Interrupted, too, it ends when the last of its machines has.
  return (await Promise.allSettled(jobs.map(timed))).flatMap(valueOrThrow);
}

/** All steps share a sandbox; a single one has one of its own, where it starts. */
function stepJobs(lab: Lab, choice: Choice, options: TrialOptions): Job[] {
  const [only] = lab.steps.filter(({ id }) => id === choice.step);
  if (isEverything(choice)) return [{ what: 'steps', run: () => trySteps(lab, lab.steps, options) }];
  if (only === undefined || !hasStep(choice, only.id)) return [];
  return [{ what: `step ${only.id}`, run: () => trySteps(lab, [only], options, only.id) }];
}

/**
 * What is done before a step that is tried alone, from the first optional step on: a goal may be there to undo what that
 * did, and no template has it done.
 */
function stepsLeading({ steps }: Lab, id: string): readonly LabStep[] {
  const before = steps.slice(
    0,
    steps.findIndex((step) => step.id === id),
  );
  const first = before.findIndex(({ optional }) => optional);
  return first < 0 ? [] : before.slice(first);
}

function mutantJobs(lab: Lab, choice: Choice, options: TrialOptions): Job[] {
  const inItsOwn = (place: MutantPlace, work: (tryout: Tryout) => Promise<Finding>): Job => {
    const { engine, signal } = options;
    const { step, subject } = place;
    const typed = async () => {
      await using tryout = await Tryout.start(lab, engine, { signal, step: place.startsAt });
      return await work(tryout);
    };
    return {
      what: subject,
      isMutant: true,
      run: async () =>
        told(options, [await unlessBroken({ step, subject, promise: 'mutant: can be typed' }, signal, typed)]),
    };
  };
  const ofSteps = lab.steps.flatMap((step) =>
    step.mutants
      .filter((mutant) => hasMutant(choice, step.id, mutant.id))
      .map((mutant) => {
        const place = { step: step.id, subject: mutant.id, startsAt: step.id };
        return inItsOwn(place, (tryout) => tryMutant({ lab, tryout }, step, mutant));
      }),
  );
  const ofQuestions = lab.questions.flatMap((question) =>
    question.mutants
      .filter((mutant) => hasMutant(choice, null, mutant.id))
      .map((mutant) => {
        const place = { step: 'questions', subject: mutant.id, startsAt: undefined };
        return inItsOwn(place, (tryout) => tryQuestionMutant(question, mutant, tryout));
      }),
  );
  return [...ofSteps, ...ofQuestions];
}

function valueOrThrow<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

interface MutantPlace {
  readonly step: string;
  readonly subject: string;
  /** Undefined for the beginning. */
  readonly startsAt: string | undefined;
}

async function trySteps(
  lab: Lab,
  steps: readonly LabStep[],
  options: TrialOptions,
  startsAt?: string,
): Promise<Finding[]> {
  const leading = startsAt === undefined ? [] : stepsLeading(lab, startsAt);
  const start = { signal: options.signal, step: leading[0]?.id ?? startsAt };
  await using tryout = await Tryout.start(lab, options.engine, start);
  const findings = told(options, startsAt === undefined ? await tryQuestions(lab, tryout) : []);
  for (const { id, solution } of leading) {
    const place = { step: id, subject: 'solution', promise: 'solution: can be typed' };
    const broken = await unlessBroken(place, options.signal, () => tryout.typeAll(solution));
    if (broken) return [...findings, ...told(options, [broken])];
  }
  for (const step of steps) {
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
