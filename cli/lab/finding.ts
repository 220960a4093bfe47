import type { Outcome } from '../../sandbox-server/checks/ask.ts';

/** One promise of a lab, tried on machines. */
export interface Finding {
  readonly step: string;
  readonly subject: string;
  readonly promise: string;
  /** Why it does not hold; null when it does. */
  readonly problem: string | null;
  /** How long the last question took, in milliseconds; null where none was asked. */
  readonly ms: number | null;
}

/** An answer as lab authors need it: with the message id and the evidence. */
export function describeOutcome(outcome: Outcome): string {
  if (outcome.status === 'passed') return 'passed';
  if (outcome.status === 'errored') return `could not be asked: ${outcome.detail}`;
  const evidence = Object.entries(outcome.answer.evidence).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `failed with ${[outcome.answer.message, ...evidence].join(' ')}`;
}

/** One text of all that is wrong; null when nothing is. */
export function joined(problems: readonly string[]): string | null {
  return problems.length === 0 ? null : problems.join('; ');
}
