import type { QuestionState } from '../../../protocol/state.ts';
import { element } from '../dom/element.ts';
import { inlineNodes } from '../dom/inline-text.ts';
import { reportList } from '../steps/check-details.ts';
import { pageLocale, strings } from '../strings/strings.ts';

export interface QuestionModel {
  readonly question: QuestionState;
  readonly hasMachine: boolean;
  /** A machine is running and the connection is open: an answer arrives. */
  readonly live: boolean;
}

/** Draws one Question.astro form from the server's state. Its own words come from the page. */
export class QuestionCard {
  readonly id: string;
  readonly #form: HTMLFormElement;

  constructor(form: HTMLFormElement) {
    this.id = form.dataset.question ?? '';
    this.#form = form;
  }

  render({ question, hasMachine, live }: QuestionModel): void {
    const { status, answer } = question;
    const isSettled = status === 'passed';
    // Before the fields are taken away: what had the keyboard must not lose it to nothing.
    const hadFocus = isSettled && !this.#result.contains(document.activeElement) && this.#form.matches(':focus-within');
    this.#form.dataset.status = status;
    this.#find('fieldset').disabled = isSettled;
    this.#find('button').disabled = !live;
    this.#find('footer').hidden = isSettled;
    this.#find('[data-needs-machine]').hidden = hasMachine;
    if (answer !== null && (isSettled || this.#isUntouched)) this.#fill(answer);
    this.#renderResult(question);
    if (hadFocus) this.#result.focus();
  }

  get #isUntouched(): boolean {
    return (
      new FormData(this.#form).get('answer') === null ||
      this.#form.querySelector<HTMLInputElement>('[type=text]')?.value === ''
    );
  }

  #fill(answer: string): void {
    for (const field of this.#form.querySelectorAll<HTMLInputElement>('[name=answer]')) {
      if (field.type === 'radio') field.checked = field.value === answer;
      else field.value = answer;
    }
  }

  #renderResult(question: QuestionState): void {
    const key = JSON.stringify([pageLocale(), question]);
    const result = this.#result;
    if (result.dataset.key === key) return;
    result.dataset.key = key;
    const nodes = resultOf(question);
    result.hidden = nodes.length === 0;
    result.replaceChildren(...nodes);
  }

  get #result(): HTMLElement {
    return this.#find('[data-result]');
  }

  #find<Name extends keyof HTMLElementTagNameMap>(selector: Name): HTMLElementTagNameMap[Name];
  #find(selector: string): HTMLElement;
  #find(selector: string): HTMLElement {
    const found = this.#form.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`Question.astro has no ${selector}; question-card.ts needs it.`);
    return found;
  }
}

function resultOf({ status, report, because, obstacle }: QuestionState): Node[] {
  const text = strings().question;
  if (status === 'errored') return [element('p', {}, obstacle ? strings().trouble.obstacle[obstacle] : text.errored)];
  if (status === 'running') return [element('p', {}, text.marking)];
  if (status === 'passed' && because) {
    return [element('p', {}, element('b', {}, text.right), ' ', ...inlineNodes(because[pageLocale()]))];
  }
  if (status !== 'failed' || !report) return [];
  const { step } = strings();
  const rows = (['expected', 'seen', 'try'] as const).map((part) => [step[part], report[part]] as const);
  return [element('p', {}, element('b', {}, text.wrong)), reportList(rows)];
}
