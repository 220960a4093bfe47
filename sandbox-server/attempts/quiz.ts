import type { Lab, LabQuestion } from '../../labs/format/lab.ts';
import type { QuestionState } from '../../protocol/state.ts';
import type { Text } from '../../protocol/text.ts';
import { showable } from '../checks/answer.ts';
import type { Mark } from '../checks/mark.ts';
import { fill } from '../checks/report.ts';
import { Refusal } from '../errors.ts';
import type { StoredAnswer } from './store.ts';

export interface QuizOptions {
  /** As it is now. */
  lab(): Lab;
  /** Of an earlier server, or an earlier visit. */
  readonly answers: readonly StoredAnswer[];
  keep(answer: StoredAnswer): void;
  /** What `states()` returns has changed. */
  onChange(): void;
}

/** What a learner has answered to the questions of a lab. A right answer stays; a wrong one may be followed by another. */
export class Quiz {
  readonly #options: QuizOptions;
  readonly #answers: Map<string, StoredAnswer>;
  /** Being marked, with what was answered. */
  readonly #marking = new Map<string, string>();
  /** Could not be marked, with what was answered. */
  readonly #unmarked = new Map<string, string>();

  constructor(options: QuizOptions) {
    this.#options = options;
    this.#answers = new Map(options.answers.map((answer) => [answer.question, answer]));
  }

  states(): QuestionState[] {
    return this.#options.lab().questions.map((question) => this.#state(question));
  }

  /** Has an answer marked, unless the question is settled or an answer to it is being marked. */
  answer(id: string, answer: string, marking: (question: LabQuestion) => Promise<Mark>): void {
    const question = this.#options.lab().questions.find((candidate) => candidate.id === id);
    const isThere = question && (question.choices?.some((choice) => choice.id === answer) ?? true);
    if (!question || !isThere) throw new Refusal('question-unknown');
    if (this.#marking.has(id) || this.#state(question).status === 'passed') return;
    void this.#mark(id, answer, marking(question));
  }

  async #mark(question: string, answer: string, marking: Promise<Mark>): Promise<void> {
    this.#unmarked.delete(question);
    this.#marking.set(question, answer);
    this.#options.onChange();
    const { status } = await marking.catch(() => ({ status: 'errored' }) as const);
    this.#marking.delete(question);
    if (status === 'errored') this.#unmarked.set(question, answer);
    else this.#settle({ question, answer, isRight: status === 'right' });
    this.#options.onChange();
  }

  #settle(answer: StoredAnswer): void {
    this.#answers.set(answer.question, answer);
    this.#options.keep(answer);
  }

  #state(question: LabQuestion): QuestionState {
    const { id } = question;
    const marking = this.#marking.get(id);
    if (marking !== undefined) return { id, status: 'running', answer: marking, report: null };
    const unmarked = this.#unmarked.get(id);
    if (unmarked !== undefined) return { id, status: 'errored', answer: unmarked, report: null };
    const given = this.#answers.get(id);
    const because = given && reasonOf(question, given);
    if (given === undefined || because === undefined) return { id, status: 'pending', answer: null, report: null };
    const { answer, isRight } = given;
    if (isRight) return { id, status: 'passed', answer, report: null, because };
    return { id, status: 'failed', answer, report: { expected: question.expected, seen: because, try: question.try } };
  }
}

/** Undefined for a choice that the lab had when it was chosen and has no more. */
function reasonOf({ choices, typed }: LabQuestion, { answer, isRight }: StoredAnswer): Text | undefined {
  const said = typed ?? choices?.find(({ id }) => id === answer);
  const reason = isRight ? said?.right : said?.wrong;
  return reason ? fill(reason, { answer: showable(answer) }) : undefined;
}
