import type { AttemptState } from '../../../protocol/state.ts';
import { button, element } from '../dom/element.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { keyed } from './keyed.ts';

export interface BarActions {
  select(terminal: string): void;
  reset(): void;
  stop(): void;
  extend(): void;
}

export interface BarModel {
  readonly state: AttemptState;
  readonly selected: string | null;
  readonly connected: boolean;
}

export const LOW_TIME_MS = 5 * 60_000;

/** Above the terminals: one tab per user of the machine; time left, reset, stop. */
export class BarView {
  readonly element = element('div', { class: 'machine-bar' });
  readonly #tabs = element('div', { class: 'tabs', role: 'tablist' });
  readonly #tools = element('div', { class: 'tools' });
  readonly #actions: BarActions;

  constructor(actions: BarActions) {
    this.#actions = actions;
    this.element.append(this.#tabs, this.#tools);
    this.#tabs.addEventListener('keydown', (event) => this.#moveByKey(event));
  }

  update({ state, selected, connected }: BarModel): void {
    const text = strings().bar;
    this.#tabs.setAttribute('aria-label', text.terminals);
    const several = new Set(state.terminals.map(({ machine }) => machine)).size > 1;
    const ids = state.terminals.map(({ id }) => id);
    keyed(this.#tabs, [pageLocale(), state.sandbox?.id, ids], () =>
      state.terminals.map((terminal) => this.#tab(terminal, several)),
    );
    for (const { id, status } of state.terminals) {
      const tab = this.#tabs.querySelector<HTMLElement>(`[data-terminal="${CSS.escape(id)}"]`);
      tab?.setAttribute('aria-selected', String(id === selected));
      tab?.setAttribute('tabindex', id === selected ? '0' : '-1');
      tab?.querySelector('small')?.toggleAttribute('hidden', status === 'open');
    }
    const extensionMs = state.sandbox?.extensionMs ?? 0;
    keyed(this.#tools, [pageLocale(), extensionMs, connected], () => this.#buildTools(extensionMs, connected));
  }

  updateTime(remainingMs: number | null): void {
    const clock = this.#tools.querySelector<HTMLElement>('[data-clock]');
    if (!clock) return;
    const seconds = Math.floor((remainingMs ?? 0) / 1000);
    clock.textContent = remainingMs === null ? '' : strings().bar.timeLeft(Math.floor(seconds / 60), seconds % 60);
    clock.toggleAttribute('data-low', remainingMs !== null && remainingMs < LOW_TIME_MS);
  }

  focusTab(terminal: string | null): void {
    if (terminal !== null) this.#tabs.querySelector<HTMLElement>(`[data-terminal="${CSS.escape(terminal)}"]`)?.focus();
  }

  #tab({ id, user, machine }: AttemptState['terminals'][number], several: boolean): HTMLElement {
    const attributes = { type: 'button', role: 'tab', class: 'tab', id: `tab-${id}`, 'data-terminal': id };
    const tab = element('button', { ...attributes, 'aria-controls': `terminal-${id}` });
    tab.append(element('b', {}, user), ...(several ? [element('span', {}, `@${machine}`)] : []));
    tab.append(element('small', { hidden: true }, strings().bar.ended));
    tab.addEventListener('click', () => this.#actions.select(id));
    return tab;
  }

  #buildTools(extensionMs: number, connected: boolean): Node[] {
    const text = strings().bar;
    const tool = { class: 'tool', disabled: !connected };
    const minutes = Math.round(extensionMs / 60_000);
    const clock = element('span', {
      class: 'clock',
      role: 'timer',
      'aria-label': text.timeLeftLabel,
      'data-clock': true,
    });
    clock.title = text.timeLeftLabel;
    return [
      clock,
      ...(extensionMs > 0 ? [button(text.extend(minutes), () => this.#actions.extend(), tool)] : []),
      button(text.reset, () => this.#actions.reset(), tool),
      button(text.stop, () => this.#actions.stop(), tool),
    ];
  }

  /** Arrow keys move between tabs, as the tabs pattern of WAI-ARIA has it. */
  #moveByKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const tabs = [...this.#tabs.querySelectorAll<HTMLElement>('[role=tab]')];
    const next = tabs[(tabs.indexOf(document.activeElement as HTMLElement) + step + tabs.length) % tabs.length];
    if (step === 0 || !next?.dataset.terminal) return;
    event.preventDefault();
    this.#actions.select(next.dataset.terminal);
    next.focus();
  }
}
