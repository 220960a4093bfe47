import type { AttemptState } from '../../../protocol/state.ts';
import { button, element } from '../dom/element.ts';
import { strings } from '../strings/strings.ts';
import { type TerminalEvents, type TerminalSize, TerminalView } from '../terminal/terminal-view.ts';
import { screenReaderOn } from './foot-view.ts';

export interface DeckEvents {
  input(terminal: string, bytes: Uint8Array): void;
  resize(terminal: string, size: TerminalSize): void;
  login(terminal: string): void;
  leave(): void;
  pasteTooLarge(bytes: number): void;
  /** The code of the terminal could not be fetched. */
  loadFailed(): void;
}

const RESIZE_AFTER_MS = 80;

interface Card {
  readonly view: TerminalView;
  readonly panel: HTMLElement;
  readonly closed: HTMLElement;
}

/** The terminals of one sandbox, one above the other; all have the size of the one that is shown. */
export class TerminalDeck {
  readonly element = element('div', { class: 'terminals' });
  readonly #events: DeckEvents;
  readonly #cards = new Map<string, Card>();
  #selected: string | null = null;
  #size: TerminalSize | null = null;
  #resizing: ReturnType<typeof setTimeout> | undefined;

  constructor(events: DeckEvents) {
    this.#events = events;
    new ResizeObserver(() => this.#resizeSoon()).observe(this.element);
  }

  get selected(): string | null {
    return this.#selected;
  }

  view(terminal: string | null): TerminalView | undefined {
    return terminal === null ? undefined : this.#cards.get(terminal)?.view;
  }

  /** New terminals for a new sandbox. The tab that was in front stays in front. */
  replace(terminals: AttemptState['terminals'], replayedTo: (terminal: string) => number): void {
    for (const { view, panel } of this.#cards.values()) {
      view.dispose();
      panel.remove();
    }
    this.#cards.clear();
    this.#size = null;
    for (const { id, start } of terminals) this.#add(id, { start, replayedTo: replayedTo(id) });
    const keep = terminals.some(({ id }) => id === this.#selected) ? this.#selected : (terminals[0]?.id ?? null);
    if (keep !== null) this.select(keep);
  }

  /** Which shells have ended, in today's language. */
  update(terminals: AttemptState['terminals']): void {
    for (const { id, status, user, machine } of terminals) {
      const card = this.#cards.get(id);
      if (!card) continue;
      card.view.closed = status === 'closed';
      card.closed.hidden = status === 'open';
      card.panel.setAttribute('aria-label', strings().terminal.label(user, machine));
      const text = strings().terminal;
      const login = () => this.#login(id);
      if (status === 'open') card.closed.replaceChildren();
      else if (card.closed.lang !== document.documentElement.lang || !card.closed.firstChild) {
        card.closed.lang = document.documentElement.lang;
        card.closed.replaceChildren(element('p', {}, text.shellEnded), button(text.loginAgain, login));
      }
    }
    // What is said below a terminal takes room from it.
    this.fit();
  }

  select(terminal: string): void {
    this.#selected = terminal;
    for (const [id, { panel }] of this.#cards) panel.hidden = id !== terminal;
    this.fit();
  }

  setScreenReader(on: boolean): void {
    for (const { view } of this.#cards.values()) view.setScreenReader(on);
  }

  /** Gives all terminals the size of the panel, and tells the machine when it changed. */
  fit(): void {
    const size = this.view(this.#selected)?.proposedSize();
    if (!size || (size.cols === this.#size?.cols && size.rows === this.#size.rows)) return;
    this.#size = size;
    for (const { view } of this.#cards.values()) view.resize(size);
    this.announceSize();
  }

  /** Also after a reconnect, because another page may have given them its own size. */
  announceSize(): void {
    if (this.#size) for (const id of this.#cards.keys()) this.#events.resize(id, this.#size);
  }

  #add(id: string, { start, replayedTo }: { start: number; replayedTo: number }): void {
    const events: TerminalEvents = {
      input: (bytes) => this.#events.input(id, bytes),
      leave: () => this.#events.leave(),
      login: () => this.#login(id),
      pasteTooLarge: (bytes) => this.#events.pasteTooLarge(bytes),
    };
    const view = new TerminalView({ start, replayedTo, events });
    const closed = element('div', { class: 'shell-ended', hidden: true });
    const attributes = { class: 'terminal-panel', role: 'tabpanel', id: `terminal-${id}`, hidden: true };
    const panel = element('div', attributes, view.element, closed);
    this.#cards.set(id, { view, panel, closed });
    this.element.append(panel);
    import('../terminal/xterm.ts').then(
      ({ createXterm }) => this.#attach(id, view, createXterm),
      () => this.#events.loadFailed(),
    );
  }

  #attach(id: string, view: TerminalView, create: typeof import('../terminal/xterm.ts').createXterm): void {
    if (this.#cards.get(id)?.view !== view) return;
    view.attach(create({ screenReader: screenReaderOn() }));
    if (this.#size) view.resize(this.#size);
    else this.fit();
  }

  #login(id: string): void {
    this.#events.login(id);
    this.view(id)?.focus();
  }

  #resizeSoon(): void {
    clearTimeout(this.#resizing);
    this.#resizing = setTimeout(() => this.fit(), RESIZE_AFTER_MS);
  }
}
