import type { Lab } from '../../labs/format/lab.ts';
import type { QuestionState, StepState } from '../../protocol/state.ts';
import type { Impairment } from '../../protocol/troubles.ts';
import type { Machine } from '../machines/driver.ts';
import { questionsWithObstacles, withObstacles } from './obstacles.ts';
import { Vitals } from './vitals.ts';

export interface ConditionOptions {
  /** By role. */
  readonly machines: ReadonlyMap<string, Machine>;
  /** `impairments` are not what they were. */
  onChange(): void;
  /** There were some, and there is none any more. */
  onRecovery(): void;
}

/** What the machines of one sandbox are fit for. */
export class Condition implements Disposable {
  readonly #vitals: ReadonlyMap<string, Vitals>;

  constructor({ machines, onChange, onRecovery }: ConditionOptions) {
    const noteChange = () => {
      if (this.impairments.length === 0) onRecovery();
      onChange();
    };
    const vitalsOf = (role: string, machine: Machine) => new Vitals({ role, machine, onChange: noteChange });
    this.#vitals = new Map([...machines].map(([role, machine]) => [role, vitalsOf(role, machine)]));
  }

  get impairments(): Impairment[] {
    return [...this.#vitals.values()].flatMap(({ impairments }) => impairments);
  }

  setWatched(isWatched: boolean): void {
    for (const vitals of this.#vitals.values()) vitals.setWatched(isWatched);
  }

  noteActivity(): void {
    for (const vitals of this.#vitals.values()) vitals.noteActivity();
  }

  /** Something could not be asked of the machine of this role. */
  noteDoubt(role: string): void {
    this.#vitals.get(role)?.noteDoubt();
  }

  /** With what kept lines from being asked. */
  explainSteps(steps: readonly StepState[], lab: Lab): StepState[] {
    return withObstacles(steps, lab, this.impairments);
  }

  /** With what kept answers from being looked at. */
  explainQuestions(questions: readonly QuestionState[], lab: Lab): QuestionState[] {
    return questionsWithObstacles(questions, lab, this.impairments);
  }

  [Symbol.dispose](): void {
    for (const vitals of this.#vitals.values()) vitals[Symbol.dispose]();
  }
}
