import type { AttemptState } from '../../../protocol/state.ts';
import type { TerminalSize } from '../../../protocol/terminal-copy.ts';
import { button, element } from '../dom/element.ts';
import { strings } from '../strings/strings.ts';
import { type TerminalEvents, TerminalView } from '../terminal/terminal-view.ts';
import { screenReaderOn } from './foot-view.ts';

export interface DeckEvents {
  input(terminal: string, bytes: Uint8Array): void;
  /** False when the server could not be told. */
  resize(terminal: string, size: TerminalSize): boolean;
  /** The learner is at this page. */
  focus(): void;
  login(terminal: string): void;
  leave(): void;
  pasteTooLarge(bytes: number): void;
  /** The code of the terminal could not be fetched. */
  loadFailed(): void;
}

const RESIZE_AFTER_MS = 80;

/** A terminal of another size is worth a word once it is clear that the server leaves it so. */
const FOREIGN_AFTER_MS = 1_000;

interface Card {
  readonly view: TerminalView;
  readonly panel: HTMLElement;
  readonly closed: HTMLElement;
  readonly foreign: HTMLElement;
}

/** The terminals of one sandbox, one above the other. This page has room for as much in each; which size they have, the server decides. */
export class TerminalDeck {
  readonly element = element('div', { class: 'terminals' });
  readonly #events: DeckEvents;
  readonly #cards = new Map<string, Card>();
  #selected: string | null = null;
  /** Characters there is room for, as the server knows it. */
  #size: TerminalSize | null = null;
  #resizing: ReturnType<typeof setTimeout> | undefined;
  #comparing: ReturnType<typeof setTimeout> | undefined;

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
  replace(terminals: AttemptState['terminals']): void {
    for (const { view, panel } of this.#cards.values()) {
      view.dispose();
      panel.remove();
    }
    this.#cards.clear();
    this.#size = null;
    for (const { id } of terminals) this.#add(id);
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

  /** Tells the server when there is more or less room than before. */
  fit(): void {
    const size = this.view(this.#selected)?.proposedSize();
    if (!size || (size.cols === this.#size?.cols && size.rows === this.#size.rows)) return;
    this.#announce(size);
  }

  /** Also after a reconnect: the server knows it by connection. */
  announceSize(): void {
    const size = this.view(this.#selected)?.proposedSize() ?? this.#size;
    if (size) this.#announce(size);
  }

  /** What the server does not know does not count: it is announced once there is a connection. */
  #announce(size: TerminalSize): void {
    for (const id of this.#cards.keys()) if (!this.#events.resize(id, size)) return;
    this.#size = size;
    this.#compareSoon();
  }

  #add(id: string): void {
    const events: TerminalEvents = {
      input: (bytes) => this.#events.input(id, bytes),
      leave: () => this.#events.leave(),
      login: () => this.#login(id),
      pasteTooLarge: (bytes) => this.#events.pasteTooLarge(bytes),
      focused: () => this.#events.focus(),
      sized: () => this.#compareSoon(),
    };
    const view = new TerminalView(events);
    const closed = element('div', { class: 'shell-ended', hidden: true });
    const attributes = { class: 'terminal-panel', role: 'tabpanel', id: `terminal-${id}`, hidden: true };
    const foreign = element('p', { class: 'foreign-size', hidden: true });
    const panel = element('div', attributes, view.element, foreign, closed);
    this.#cards.set(id, { view, panel, closed, foreign });
    this.element.append(panel);
    import('../terminal/xterm.ts').then(
      ({ createXterm }) => this.#attach(id, view, createXterm),
      () => this.#events.loadFailed(),
    );
  }

  #attach(id: string, view: TerminalView, create: typeof import('../terminal/xterm.ts').createXterm): void {
    if (this.#cards.get(id)?.view !== view) return;
    view.attach(create({ screenReader: screenReaderOn() }));
    this.fit();
  }

  #login(id: string): void {
    this.#events.login(id);
    this.view(id)?.focus();
  }

  #compareSoon(): void {
    clearTimeout(this.#comparing);
    this.#comparing = setTimeout(() => this.#compare(), FOREIGN_AFTER_MS);
  }

  /** A terminal has the size of another page's window: it can be scrolled, and this is said. */
  #compare(): void {
    for (const { view, foreign } of this.#cards.values()) {
      const { size } = view;
      const isOwn = !size || !this.#size || (size.cols === this.#size.cols && size.rows === this.#size.rows);
      view.element.classList.toggle('of-foreign-size', !isOwn);
      foreign.hidden = isOwn;
      if (size && !isOwn) foreign.textContent = strings().terminal.foreignSize(size.cols, size.rows);
    }
  }

  #resizeSoon(): void {
    clearTimeout(this.#resizing);
    this.#resizing = setTimeout(() => this.fit(), RESIZE_AFTER_MS);
  }
}
