import type { ServerMessage } from '../../../protocol/server-messages.ts';
import type { AttemptState } from '../../../protocol/state.ts';
import type { Session } from '../session/session.ts';
import { strings } from '../strings/strings.ts';
import { StepCard, type StepHelp } from './step-card.ts';
import { spokenChanges } from './step-view.ts';

export interface StepBoardActions {
  /** For screen readers. */
  announce(message: string): void;
  /** A machine at this step, in place of the one there is. */
  startAt(step: string): void;
}

/** All step cards and draft marks of the current page, kept in step with the session. */
export class StepBoard {
  readonly #session: () => Session;
  readonly #actions: StepBoardActions;
  #help = new Map<string, StepHelp>();
  #cards: StepCard[] = [];
  #before: AttemptState | null = null;

  constructor(session: () => Session, actions: StepBoardActions) {
    this.#session = session;
    this.#actions = actions;
    document.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('[data-step] [data-action]') : null;
      if (button) this.#act(button);
    });
  }

  /** New page: its cards, if it shows this lab at all. */
  bind(belongs: boolean): void {
    const roots = belongs ? [...document.querySelectorAll<HTMLElement>('[data-step]')] : [];
    this.#cards = roots.map((root) => new StepCard(root));
  }

  /** Another lab: help given for the old one is of no use. */
  forget(): void {
    this.#help.clear();
    this.#before = null;
  }

  /** A fresh sandbox: "check now" was pressed in the old one. Hints and solutions stay. */
  sandboxChanged(): void {
    for (const help of this.#help.values()) help.asked = false;
  }

  render(): void {
    const { state, linkStatus } = this.#session();
    if (!state) return;
    const hasMachine = state.phase.kind === 'running';
    const live = hasMachine && linkStatus.kind === 'open';
    const current = state.steps.find(({ earned, prepared }) => !earned && !prepared)?.id;
    const canStart = linkStatus.kind === 'open' && (hasMachine || state.phase.kind === 'ended');
    const { preparing } = state;
    for (const card of this.#cards) {
      const step = state.steps.find(({ id }) => id === card.id);
      if (!step) continue;
      const isFirst = step.id === state.steps[0]?.id;
      const startHere = isFirst ? null : { enabled: canStart && !preparing, usualMs: preparedIn(preparing, card.id) };
      const isCurrent = card.id === current;
      const { terminals } = state;
      card.render({ step, help: this.#helpFor(card.id), terminals, isCurrent, hasMachine, live, startHere });
    }
    for (const { id, earned } of state.steps) {
      document.querySelector(`[data-mark="${CSS.escape(id)}"]`)?.toggleAttribute('data-earned', earned);
    }
    this.#speak(state);
    this.#before = state;
  }

  answer(message: Extract<ServerMessage, { type: 'hint' | 'solution' }>): void {
    const help = this.#helpFor(message.step);
    if (message.type === 'hint') help.hints[message.index] = message.text;
    else help.solution = message.lines;
    this.render();
  }

  #act(button: HTMLElement): void {
    const step = button.closest<HTMLElement>('[data-step]')?.dataset.step ?? '';
    const help = this.#helpFor(step);
    const action = button.dataset.action;
    if (action === 'hint') this.#session().send({ type: 'hint', step, index: help.hints.length });
    if (action === 'start-here') this.#actions.startAt(step);
    if (action === 'solution') this.#session().send({ type: 'solution', step });
    if (action !== 'check') return;
    help.asked = true;
    this.#session().send({ type: 'check', step });
    this.render();
  }

  #speak(state: AttemptState): void {
    if (this.#before?.sandbox?.id !== state.sandbox?.id) return;
    const said = this.#cards.flatMap((card) => {
      const now = state.steps.find(({ id }) => id === card.id);
      const before = this.#before?.steps.find(({ id }) => id === card.id);
      return now ? spokenChanges(before, now).map((change) => this.#words(card, change)) : [];
    });
    if (said.length > 0) this.#actions.announce(said.join(' '));
  }

  #words(card: StepCard, change: ReturnType<typeof spokenChanges>[number]): string {
    const text = strings().step;
    if (change.kind === 'earned') return text.spokenEarned(card.title);
    return text.spokenLine(card.line(change.check), text.status[change.status]);
  }

  #helpFor(step: string): StepHelp {
    const known = this.#help.get(step) ?? { hints: [], solution: null, asked: false };
    this.#help.set(step, known);
    return known;
  }
}

function preparedIn(preparing: AttemptState['preparing'], step: string): number | null {
  return preparing?.step === step ? preparing.usualMs : null;
}
