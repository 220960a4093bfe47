import * as z from 'zod';
import type { Lab, LabCheck, LabStep } from '../../labs/format/lab.ts';
import { stepsBefore } from '../../labs/format/steps-before.ts';
import { type CheckState, reportSchema, type StepState } from '../../protocol/state.ts';
import { textSchema } from '../../protocol/text.ts';
import type { Outcome } from './ask.ts';

/** As JSON, for a server that goes on with the sandbox. Keys are those of lines. */
export const sheetRecordSchema = z.strictObject({
  lines: z.record(
    z.string(),
    z.strictObject({
      status: z.enum(['passed', 'failed', 'lapsed', 'errored']),
      report: z.nullable(reportSchema),
      tried: z.optional(textSchema),
    }),
  ),
  held: z.array(z.string()),
  /** Steps done before the sandbox began. */
  prepared: z.array(z.string()).default([]),
  /** Lines out of turn: what each said when it was last asked. */
  asides: z.optional(z.record(z.string(), z.enum(['passed', 'failed']))),
});
export type SheetRecord = z.infer<typeof sheetRecordSchema>;

const PENDING = { status: 'pending', report: null } as const;
const RUNNING = { status: 'running', report: null } as const;

/** Where a sandbox begins that starts at a later step: its template was made only because these lines held. */
export function sheetAt(lab: Lab, step: string): SheetRecord {
  const prepared = stepsBefore(lab, step) ?? [];
  const held = prepared.flatMap((one) => one.checks.map(({ id }) => lineKey(one, id)));
  const lines = Object.fromEntries(held.map((key) => [key, { status: 'passed' as const, report: null }]));
  return { lines, held, prepared: prepared.map(({ id }) => id) };
}

/** What one sandbox has shown so far, line by line. Pure bookkeeping: what was earned belongs to the attempt. */
export class Sheet {
  #lab: Lab;
  /** What was last answered. Being asked again takes nothing away from it: the server may be killed before it is over. */
  readonly #lines: Map<string, SheetRecord['lines'][string]>;
  readonly #running = new Set<string>();
  /** Lines that have held in this sandbox: only they can lapse. */
  readonly #held: Set<string>;
  readonly #prepared: ReadonlySet<string>;
  /** Of lines out of turn, which are not shown: what they said last. */
  readonly #asides: Map<string, 'passed' | 'failed'>;

  /** `before`: what an earlier server saw of the same sandbox. */
  constructor(lab: Lab, before: SheetRecord = { lines: {}, held: [], prepared: [] }) {
    this.#lab = lab;
    this.#lines = new Map(Object.entries(before.lines));
    this.#held = new Set(before.held);
    this.#prepared = new Set(before.prepared);
    this.#asides = new Map(Object.entries(before.asides ?? {}));
  }

  /** For a later server. */
  get kept(): SheetRecord {
    const [held, prepared] = [[...this.#held], [...this.#prepared]];
    return { lines: Object.fromEntries(this.#lines), held, prepared, asides: Object.fromEntries(this.#asides) };
  }

  /** What was answered to the lines of these steps was answered to other questions. */
  revise(lab: Lab, changed: ReadonlySet<string>): void {
    this.#lab = lab;
    for (const step of lab.steps.filter(({ id }) => changed.has(id))) {
      for (const { id } of [...step.checks, ...(step.verdict?.parts ?? [])]) {
        this.markPending(step, id);
        this.#held.delete(lineKey(step, id));
        this.#asides.delete(lineKey(step, id));
      }
    }
  }

  status(step: LabStep, check: string): CheckState['status'] {
    return this.#line(step, check).status;
  }

  /** True when it changed what the learner sees. */
  record(step: LabStep, check: string, outcome: Outcome): boolean {
    const key = lineKey(step, check);
    const before = JSON.stringify(this.#line(step, check));
    if (outcome.status === 'passed') this.#held.add(key);
    this.#running.delete(key);
    this.#lines.set(key, this.#next(key, outcome));
    return JSON.stringify(this.#line(step, check)) !== before;
  }

  /**
   * Of a step that is not the learner's turn. What holds there may always have held, and what does not may be what an
   * earlier step is for: only a goal that was reached here, or a guard that was broken here, says anything.
   */
  hasTurned(step: LabStep, check: LabCheck, outcome: Outcome): boolean {
    // What is done once, such as a file that is written, nobody has done in a fresh machine. All else may hold there:
    // what an attack leaves is not there before it.
    const atFirst = check.kind === 'goal' && !check.keeps ? 'failed' : undefined;
    const before = this.#asides.get(lineKey(step, check.id)) ?? atFirst;
    if (before === undefined || before === outcome.status) return false;
    return outcome.status === (check.kind === 'goal' ? 'passed' : 'failed');
  }

  /** It goes on being hidden. */
  noteAside(step: LabStep, check: string, { status }: Outcome): void {
    if (status !== 'errored') this.#asides.set(lineKey(step, check), status);
  }

  /** From now on it is shown, as a line that held before if it did. */
  recordTurn(step: LabStep, check: string, outcome: Outcome): void {
    const key = lineKey(step, check);
    if (this.#asides.get(key) === 'passed') this.#held.add(key);
    this.#asides.delete(key);
    this.record(step, check, outcome);
  }

  /** A goal of it has been reached, or looked at, in this sandbox. */
  isBegun(step: LabStep): boolean {
    return step.checks.some(({ id, kind }) => kind === 'goal' && this.status(step, id) !== 'pending');
  }

  markRunning(step: LabStep, check: string): void {
    this.#running.add(lineKey(step, check));
  }

  /** As if it had not been asked. */
  markPending(step: LabStep, check: string): void {
    this.#running.delete(lineKey(step, check));
    this.#lines.delete(lineKey(step, check));
  }

  /** What could not be asked is as if it had not been. True where there was any. */
  forgetErrors(step: LabStep): boolean {
    const lines = [...step.checks, ...(step.verdict?.parts ?? [])];
    const errored = lines.filter(({ id }) => this.#lines.get(lineKey(step, id))?.status === 'errored');
    for (const { id } of errored) this.markPending(step, id);
    return errored.length > 0;
  }

  allPassed(step: LabStep): boolean {
    return step.checks.every(({ id }) => this.status(step, id) === 'passed');
  }

  /** Every check holds, and so does every part of the verdict where there is one. */
  isDone(step: LabStep): boolean {
    const parts = step.verdict?.parts ?? [];
    return this.allPassed(step) && parts.every(({ id }) => this.status(step, id) === 'passed');
  }

  /** Done before this sandbox began: whatever holds of it, nobody did it here. */
  isPrepared({ id }: LabStep): boolean {
    return this.#prepared.has(id);
  }

  states(earned: ReadonlySet<string>): StepState[] {
    return this.#lab.steps.map((step) => ({
      id: step.id,
      earned: earned.has(step.id),
      prepared: this.isPrepared(step),
      checks: step.checks.map(({ id }) => ({ id, ...this.#line(step, id) })),
      verdict: (step.verdict?.parts ?? []).map(({ id }) => ({ id, ...this.#line(step, id) })),
    }));
  }

  #line(step: LabStep, check: string): Omit<CheckState, 'id'> {
    const key = lineKey(step, check);
    return this.#running.has(key) ? RUNNING : (this.#lines.get(key) ?? PENDING);
  }

  #next(key: string, outcome: Outcome): SheetRecord['lines'][string] {
    if (outcome.status === 'passed') {
      return { status: 'passed', report: null, ...(outcome.tried && { tried: outcome.tried }) };
    }
    if (outcome.status === 'errored') return { status: 'errored', report: null };
    return { status: this.#held.has(key) ? 'lapsed' : 'failed', report: outcome.report };
  }
}

function lineKey(step: LabStep, check: string): string {
  return `${step.id}/${check}`;
}

/** Which lines are asked without anybody pressing a button. */
export function liveQuestions(lab: Lab, sheet: Sheet, earned: ReadonlySet<string>) {
  const current = currentSteps(lab, sheet, earned);
  return lab.steps.flatMap((step) =>
    step.checks
      .filter((check) => (current.has(step) ? isOpen(sheet, step, check) : mustStillHold(sheet, step, check)))
      .map((check) => ({ step, check })),
  );
}

/** Which lines nobody is at, but may have changed: steps need not be done in order. Asked only when there is time. */
export function questionsOutOfTurn(lab: Lab, sheet: Sheet, earned: ReadonlySet<string>) {
  const current = currentSteps(lab, sheet, earned);
  const later = lab.steps.filter((step) => !current.has(step) && !sheet.isPrepared(step));
  return later.flatMap((step) =>
    step.checks.filter(({ id }) => sheet.status(step, id) === 'pending').map((check) => ({ step, check })),
  );
}

/**
 * The first step not yet earned, and, after a reset, the first one that this machine has not seen done; also what was
 * begun out of turn.
 */
function currentSteps(lab: Lab, sheet: Sheet, earned: ReadonlySet<string>): ReadonlySet<LabStep> {
  const steps = lab.steps.filter((step) => !sheet.isPrepared(step));
  const unearned = upToFirst(steps, (step) => !earned.has(step.id));
  const undone = upToFirst(steps, (step) => !sheet.isDone(step));
  return new Set([...unearned, ...undone, ...steps.filter((step) => sheet.isBegun(step))]);
}

/** A further step bars nobody's way: the open ones before the first open step that counts are asked as well. */
function upToFirst(steps: readonly LabStep[], isOpen: (step: LabStep) => boolean): LabStep[] {
  const first = steps.findIndex((step) => isOpen(step) && !step.optional);
  return steps.slice(0, first < 0 ? undefined : first + 1).filter(isOpen);
}

/** A line that passed and need not keep holding is settled. */
export function isOpen(sheet: Sheet, step: LabStep, check: LabCheck): boolean {
  return check.keeps || sheet.status(step, check.id) !== 'passed';
}

function mustStillHold(sheet: Sheet, step: LabStep, check: LabCheck): boolean {
  const status = sheet.status(step, check.id);
  return check.keeps && (status === 'passed' || status === 'lapsed');
}
