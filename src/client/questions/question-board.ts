import type { AttemptState, QuestionState } from '../../../protocol/state.ts';
import type { Session } from '../session/session.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { QuestionCard } from './question-card.ts';

export interface QuestionBoardActions {
  /** For screen readers. */
  announce(message: string): void;
}

/** All questions of the current page, kept in step with the session. */
export class QuestionBoard {
  readonly #session: () => Session;
  readonly #actions: QuestionBoardActions;
  #cards: QuestionCard[] = [];
  #before: AttemptState | null = null;

  constructor(session: () => Session, actions: QuestionBoardActions) {
    this.#session = session;
    this.#actions = actions;
    document.addEventListener('submit', (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || form.dataset.question === undefined) return;
      event.preventDefault();
      const answer = String(new FormData(form).get('answer') ?? '').trim();
      if (answer !== '') this.#session().send({ type: 'answer', question: form.dataset.question, answer });
    });
  }

  /** New page: its questions, if it shows this lab at all. */
  bind(belongs: boolean): void {
    const forms = belongs ? [...document.querySelectorAll<HTMLFormElement>('form[data-question]')] : [];
    this.#cards = forms.map((form) => new QuestionCard(form));
  }

  /** Another lab: what was answered in the old one is no news. */
  forget(): void {
    this.#before = null;
  }

  render(): void {
    const { state, linkStatus } = this.#session();
    if (!state) return;
    const hasMachine = state.phase.kind === 'running';
    const live = hasMachine && linkStatus.kind === 'open';
    for (const card of this.#cards) {
      const question = state.questions.find(({ id }) => id === card.id);
      if (!question) continue;
      card.render({ question, hasMachine, live });
      this.#speak(question);
    }
    this.#before = state;
  }

  #speak(now: QuestionState): void {
    const before = this.#before?.questions.find(({ id }) => id === now.id);
    if (before?.status !== 'running' || now.status === 'running') return;
    const said = spoken(now);
    if (said !== '') this.#actions.announce(said);
  }
}

function spoken({ status, report, because, obstacle }: QuestionState): string {
  const text = strings().question;
  const locale = pageLocale();
  if (status === 'passed') return `${text.right} ${because?.[locale] ?? ''}`;
  if (status === 'failed') return `${text.wrong} ${report?.seen[locale] ?? ''}`;
  if (status !== 'errored') return '';
  return obstacle ? strings().trouble.obstacle[obstacle] : text.errored;
}
