import type { Lab } from '../../labs/format/lab.ts';
import type { AuthorRun } from '../../protocol/author.ts';
import { outcomeOf, type Question } from '../../sandbox-server/checks/ask.ts';
import type { Seen, Subject } from '../../sandbox-server/checks/witness.ts';

type SeenOf = Seen & { readonly attempt: string };

const RUNS_PER_SUBJECT = 5;
const MAX_OUTPUT_CHARACTERS = 2 * 1024;

/** The last runs of every script in every attempt. */
export class RunLog {
  /** By attempt and subject, newest first. */
  readonly #seen = new Map<string, readonly SeenOf[]>();

  add(seen: SeenOf): void {
    const key = keyOf(seen.attempt, seen);
    this.#seen.set(key, [seen, ...(this.#seen.get(key) ?? [])].slice(0, RUNS_PER_SUBJECT));
  }

  /** Newest first, with what the lab as it is now makes of them. */
  of(attempt: string, lab: Lab): AuthorRun[] {
    const seen = [...this.#seen.values()].flat().filter((one) => one.attempt === attempt);
    return seen.sort((a, b) => b.startedAt - a.startedAt).map((one) => describe(one, lab));
  }
}

function keyOf(attempt: string, { kind, step, id }: Subject): string {
  return JSON.stringify([attempt, kind, step, id]);
}

function describe(seen: SeenOf, lab: Lab): AuthorRun {
  const { kind, step, id, machine, startedAt, ms, result } = seen;
  return {
    ...{ subject: { kind, step, id }, machine, startedAt, ms },
    status: result?.status ?? null,
    stdout: (result?.stdout ?? '').slice(-MAX_OUTPUT_CHARACTERS),
    stderr: (result?.stderr ?? '').slice(-MAX_OUTPUT_CHARACTERS),
    ...meaningOf(seen, lab),
  };
}

type Meaning = Pick<AuthorRun, 'outcome' | 'answer' | 'report' | 'detail'>;

const NOTHING = { answer: null, report: null, detail: null };

function meaningOf({ kind, step, id, result, problem }: Seen, lab: Lab): Meaning {
  if (result === null || problem !== null) return { ...NOTHING, outcome: 'errored', detail: problem };
  if (kind === 'question' || kind === 'proof') {
    if (result.status === 0) return { ...NOTHING, outcome: kind === 'proof' ? 'passed' : 'answered' };
    return { ...NOTHING, outcome: 'errored', detail: `exit status ${result.status}` };
  }
  const question = questionOf(lab, { kind, step, id });
  if (question === undefined) return { ...NOTHING, outcome: 'errored', detail: 'the lab has it no more' };
  const outcome = outcomeOf(question, result);
  if (outcome.status === 'errored') return { ...NOTHING, outcome: 'errored', detail: outcome.detail };
  const report = outcome.status === 'failed' ? outcome.report : null;
  return { outcome: outcome.status, answer: outcome.answer ?? null, report, detail: null };
}

function questionOf({ steps }: Lab, { kind, step, id }: Subject): Question | undefined {
  const found = steps.find((one) => one.id === step);
  return (kind === 'check' ? found?.checks : found?.verdict?.parts)?.find((one) => one.id === id);
}
