import type { CheckState, StepState } from '../../../protocol/state.ts';

export interface StepFacts {
  /** The first step not yet earned, in order. */
  readonly isCurrent: boolean;
  /** The learner pressed "check now" in this sandbox. */
  readonly asked: boolean;
  /** Checks of the step that are goals; the others hold from the start. */
  readonly goals: ReadonlySet<string>;
}

/**
 * Is the learner at work on this step? Only then is a failed line news; a step nobody has begun looks untouched,
 * although the server has asked its checks too.
 */
export function isEngaged(step: StepState, { isCurrent, asked, goals }: StepFacts): boolean {
  const begun = step.checks.some(({ id, status }) => goals.has(id) && status !== 'pending' && status !== 'failed');
  return isCurrent || asked || step.earned || begun;
}

/** A line as it is shown: failures of a step that was not begun are nobody's failures yet. */
export function shownCheck(check: CheckState, engaged: boolean): CheckState {
  return check.status === 'failed' && !engaged ? { ...check, status: 'pending', report: null } : check;
}

/** Earned once, and something of it does not hold now. */
export function hasLapsed(step: StepState): boolean {
  return step.earned && [...step.checks, ...step.verdict].some(({ status }) => status === 'lapsed');
}

/** What is worth saying aloud between two states: a step that was earned, or a line that came or went. */
export function spokenChanges(before: StepState | undefined, now: StepState): readonly SpokenChange[] {
  if (!before) return [];
  if (now.earned && !before.earned) return [{ kind: 'earned' }];
  const old = new Map([...before.checks, ...before.verdict].map(({ id, status }) => [id, status]));
  return [...now.checks, ...now.verdict]
    .filter(({ id, status }) => isNews(old.get(id), status))
    .map(({ id, status }) => ({ kind: 'line', check: id, status }));
}

export type SpokenChange =
  | { readonly kind: 'earned' }
  | { readonly kind: 'line'; readonly check: string; readonly status: CheckState['status'] };

function isNews(before: CheckState['status'] | undefined, now: CheckState['status']): boolean {
  if (before === now) return false;
  if (now === 'passed') return before === 'failed' || before === 'lapsed' || before === 'running';
  return now === 'lapsed' || (now === 'failed' && before === 'running');
}
