import { button, element } from '../dom/element.ts';
import type { LessonContext } from '../page/lesson-context.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { keyed } from './keyed.ts';

/** On another lesson's page: says whose machine this is, with the way back and the way to start this lesson's own. */
export class ElsewhereView {
  readonly element = element('div', { class: 'elsewhere', hidden: true });
  readonly #startHere: () => void;
  #home: LessonContext | null = null;

  constructor(startHere: () => void) {
    this.#startHere = startHere;
  }

  update(here: LessonContext | null, lab: string): void {
    if (here?.lab === lab) this.#home = here;
    const home = this.#home;
    const away = here !== null && home !== null && here.lab !== lab;
    this.element.hidden = !away;
    if (!away) return;
    keyed(this.element, [pageLocale(), home.lesson, here.lab], () => this.#build(home, here));
  }

  #build(home: LessonContext, here: LessonContext): Node[] {
    const text = strings().notice;
    const href = `${pageLocale() === 'en' ? '/en' : ''}/lessons/${home.lesson}/`;
    return [
      element('p', {}, text.elsewhere(home.number)),
      element('a', { class: 'button', href }, text.goBack(home.number)),
      ...(here.lab === null ? [] : [button(text.startThis, this.#startHere, { class: 'button button-main' })]),
    ];
  }
}
