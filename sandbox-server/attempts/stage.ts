import type { Lab } from '../../labs/format/lab.ts';
import type { AttemptState, CheckState, Phase, QuestionState, StepState } from '../../protocol/state.ts';
import type { EndReason } from '../../protocol/troubles.ts';
import type { Sandbox } from '../sandboxes/sandbox.ts';
import type { Waiting } from './admission.ts';

/**
 * Where an attempt stands:
 * idle → queued → starting → running → ended → queued …; a reset goes from running straight to starting.
 */
export type Stage =
  /** Nobody has looked yet. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'queued'; readonly waiting: Waiting }
  | { readonly kind: 'starting'; readonly abort: AbortController }
  | { readonly kind: 'running'; readonly sandbox: Sandbox }
  | { readonly kind: 'ended'; readonly reason: EndReason };

export interface StateFacts {
  readonly lab: Lab;
  readonly earned: ReadonlySet<string>;
  /** How many wait for room, over all attempts. */
  readonly waiting: number;
  readonly preparing: AttemptState['preparing'];
  readonly questions: readonly QuestionState[];
}

/** What pages are told. */
export function stateOf(stage: Stage, facts: StateFacts): AttemptState {
  const sandbox = stage.kind === 'running' ? stage.sandbox : undefined;
  return {
    lab: facts.lab.id,
    phase: phaseOf(stage, facts),
    sandbox: sandbox === undefined ? null : describeSandbox(sandbox),
    preparing: facts.preparing,
    impairments: sandbox?.condition.impairments ?? [],
    terminals: (sandbox?.terminals ?? []).map(({ id, role, user, status, input }) => ({
      ...{ id, machine: role, user, status, input },
    })),
    steps: sandbox?.condition.explainSteps(sandbox.steps(), facts.lab) ?? untouchedSteps(facts),
    questions: sandbox?.condition.explainQuestions(facts.questions, facts.lab) ?? [...facts.questions],
    map: sandbox?.map ?? null,
  };
}

function phaseOf(stage: Stage, { waiting }: StateFacts): Phase {
  switch (stage.kind) {
    case 'queued':
      return queuedOr(stage.waiting, waiting);
    case 'ended':
      return { kind: 'ended', reason: stage.reason };
    case 'running':
      return { kind: 'running' };
    default:
      return { kind: 'starting' };
  }
}

function queuedOr({ place, lack }: Waiting, waiting: number): Phase {
  return place > 0 ? { kind: 'queued', place, waiting, reason: lack } : { kind: 'starting' };
}

function describeSandbox({ id, epoch, lifetime }: Sandbox): AttemptState['sandbox'] {
  return { id, epoch, remainingMs: lifetime.remainingMs(), extensionMs: lifetime.extensionMs };
}

function untouchedSteps({ lab, earned }: StateFacts): StepState[] {
  const pending = (id: string): CheckState => ({ id, status: 'pending', report: null });
  return lab.steps.map((step) => ({
    id: step.id,
    earned: earned.has(step.id),
    prepared: false,
    checks: step.checks.map(({ id }) => pending(id)),
    verdict: (step.verdict?.parts ?? []).map(({ id }) => pending(id)),
  }));
}
