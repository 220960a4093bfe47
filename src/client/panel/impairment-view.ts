import type { AttemptState } from '../../../protocol/state.ts';
import { IMPAIRMENT_KINDS, type Impairment } from '../../../protocol/troubles.ts';
import { button, element } from '../dom/element.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { keyed } from './keyed.ts';

/** Of several, the one that is most in the way is told: the others often come of it. */
export function worstOf(impairments: readonly Impairment[]): Impairment | null {
  const rank = ({ kind }: Impairment) => IMPAIRMENT_KINDS.indexOf(kind);
  return impairments.toSorted((one, other) => rank(one) - rank(other))[0] ?? null;
}

/** A strip below the terminals of a machine that somebody has broken: what happened, and the way to a fresh one. */
export class ImpairmentView {
  readonly element = element('div', { class: 'impairment', hidden: true });
  readonly #reset: () => void;
  #sandbox: string | null = null;
  #wasShown = false;

  constructor(reset: () => void) {
    this.#reset = reset;
  }

  /** What there is to say aloud, if that is news. */
  update(state: AttemptState | null, connected: boolean): string | null {
    const worst = state?.phase.kind === 'running' ? worstOf(state.impairments) : null;
    const wasShown = this.#wasShown && state?.sandbox?.id === this.#sandbox;
    this.#wasShown = worst !== null;
    this.#sandbox = state?.sandbox?.id ?? null;
    this.element.hidden = worst === null;
    if (!worst || !state) {
      keyed(this.element, null, () => []);
      return wasShown && state?.phase.kind === 'running' ? strings().trouble.recovered : null;
    }
    const isAlone = new Set(state.terminals.map(({ machine }) => machine)).size < 2;
    const [title, text] = strings().trouble.impaired(worst, isAlone ? null : worst.machine);
    const changed = keyed(this.element, [pageLocale(), worst, isAlone, connected], () => [
      element('p', {}, element('strong', {}, title), ' ', text),
      button(strings().bar.reset, this.#reset, { disabled: !connected }),
    ]);
    return changed && !wasShown ? `${title}${pageLocale() === 'en' ? '. ' : '。'}${text}` : null;
  }
}
