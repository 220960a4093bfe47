import type { LabCheck, LabStep } from '../../labs/format/lab.ts';

export interface Aside {
  readonly step: LabStep;
  readonly check: LabCheck;
}

/** Asked only when nothing has happened for so long since the learner's own lines were asked. */
const QUIET_MS = 1_000;
/** After each the machine is left alone for as long as this many of it would take. */
const REST_FACTOR = 2;
/** What has turned is asked again after this before it is shown: a daemon that restarts turns many a line for a moment. */
const DOUBT_MS = 3_000;

/** Lines out of turn, one at a time: which is next, when, and which was seen to turn and is to be asked again. */
export class Asides {
  #queue: string[] = [];
  /** Something happened since the queue was filled. */
  #isStale = false;
  #notBefore = 0;
  /** What turned, by key, and when it may be asked again. */
  readonly #doubted = new Map<string, number>();

  /** Null when nothing is to be asked. */
  get dueAt(): number | null {
    if (this.#isStale || this.#queue.length > 0) return this.#notBefore;
    return this.#doubted.size > 0 ? Math.max(this.#notBefore, Math.min(...this.#doubted.values())) : null;
  }

  /** Every one of them may say something else by now. */
  noteChange(now: number): void {
    this.#isStale = true;
    this.#notBefore = Math.max(this.#notBefore, now + QUIET_MS);
  }

  /**
   * The next of these; `undefined` when it is none of them. One that has turned does not wait for all the others: whoever
   * did it is looking.
   */
  take(questions: readonly Aside[], now: number): Aside | undefined {
    const byKey = new Map(questions.map((one) => [key(one), one]));
    if (this.#queue.length === 0 && this.#isStale) {
      this.#isStale = false;
      this.#queue = [...byKey.keys()].filter((one) => !this.#doubted.has(one));
    }
    const due = [...this.#doubted].find(([, at]) => at <= now)?.[0];
    const next = due ?? this.#queue.shift() ?? this.#doubted.keys().next().value;
    const question = next === undefined ? undefined : byKey.get(next);
    if (next !== undefined && question === undefined) this.#doubted.delete(next);
    return question;
  }

  /** It has turned before, and was asked again. */
  isSure(question: Aside): boolean {
    return this.#doubted.has(key(question));
  }

  asked(question: Aside, { isNews, startedAt, now }: { isNews: boolean; startedAt: number; now: number }): void {
    this.#notBefore = now + REST_FACTOR * (now - startedAt);
    if (!isNews || this.isSure(question)) this.#doubted.delete(key(question));
    else this.#doubted.set(key(question), now + DOUBT_MS);
  }
}

function key({ step, check }: Aside): string {
  return `${step.id}/${check.id}`;
}
