import { INPUT_BUFFER_BYTES } from '../../../protocol/limits.ts';
import type { AttemptState } from '../../../protocol/state.ts';
import { element } from '../dom/element.ts';
import { HostMapView } from '../map/host-map-view.ts';
import type { LessonContext } from '../page/lesson-context.ts';
import type { Session } from '../session/session.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { BarView, LOW_TIME_MS } from './bar-view.ts';
import { confirmDialog } from './confirm-dialog.ts';
import { ElsewhereView } from './elsewhere-view.ts';
import { FootView } from './foot-view.ts';
import { ImpairmentView } from './impairment-view.ts';
import { NoticeView } from './notice-view.ts';
import { panelView } from './panel-view.ts';
import { StageView } from './stage-view.ts';
import { TerminalDeck } from './terminal-deck.ts';
import { Toast } from './toast.ts';
import { TouchBar } from './touch-bar.ts';

const KIB = 1024;
const TICK_MS = 1000;

/** The machine beside the lesson: its terminals while it runs, and what there is to say while it does not. */
export class Panel {
  readonly deck: TerminalDeck;
  readonly #session: () => Session;
  readonly #bar: BarView;
  readonly #stage: StageView;
  readonly #notice: NoticeView;
  readonly #impairment: ImpairmentView;
  readonly #toast = new Toast();
  readonly #foot: FootView;
  readonly #map = new HostMapView();
  readonly #touch: TouchBar;
  readonly #elsewhere: ElsewhereView;
  readonly #live = element('div', { class: 'sr-only', 'aria-live': 'polite' });
  readonly #running = element('div', { class: 'running' });
  #cameFrom: HTMLElement | null = null;
  readonly #wasOpen = new Map<string, boolean>();
  #wasConnected: boolean | null = null;
  #wasLow = false;
  /** While somebody waits for a machine: the sandbox there was when they asked for it. */
  #waitsSince: { readonly sandbox: string | null } | null = null;

  constructor(session: () => Session, startHere: () => void) {
    this.#session = session;
    this.deck = new TerminalDeck({
      input: (terminal, bytes) => this.#type(terminal, bytes),
      // While it is said that there is no connection, that takes room which will be back.
      resize: (terminal, size) =>
        session().linkStatus.kind === 'open' && session().send({ type: 'resize', terminal, ...size }),
      focus: () => void session().send({ type: 'focus' }),
      login: (terminal) => void session().send({ type: 'login', terminal }),
      leave: () => this.#leaveTerminal(),
      pasteTooLarge: (bytes) => this.#refusePaste(bytes),
      loadFailed: () => this.toast(strings().notice.loadFailed),
    });
    this.#bar = new BarView({
      select: (terminal) => this.select(terminal),
      reset: () => void this.#reset(),
      stop: () => void this.#stop(),
      extend: () => void session().send({ type: 'extend' }),
    });
    this.#stage = new StageView({
      fresh: () => this.#fresh(),
      retry: () => session().connect(),
      leaveQueue: () => void session().send({ type: 'stop' }),
    });
    this.#impairment = new ImpairmentView(() => void this.#reset());
    this.#notice = new NoticeView(() => session().connect());
    this.#foot = new FootView((on) => this.deck.setScreenReader(on));
    this.#touch = new TouchBar(() => this.deck.view(this.deck.selected) ?? null);
    this.#elsewhere = new ElsewhereView(startHere);
    this.#running.append(this.#bar.element, this.deck.element, this.#map.element, this.#touch.element);
    document.addEventListener('focusin', ({ target }) => this.#rememberFocus(target as HTMLElement));
    setInterval(() => this.#running.isConnected && this.tick(), TICK_MS);
  }

  /** Into the page that is shown: a page without a dock, such as the home page, drops what stood in it. */
  mount(host: HTMLElement): void {
    if (host.contains(this.#running)) return;
    host.replaceChildren(
      ...[this.#elsewhere.element, this.#running, this.#stage.element, this.#impairment.element],
      this.#notice.element,
      ...[this.#toast.element, this.#foot.element, this.#live],
    );
  }

  /** Draws everything from the session's state. Cheap to repeat. */
  render(context: LessonContext | null): void {
    const session = this.#session();
    const { state, linkStatus } = session;
    const { stage, notice } = panelView(state, linkStatus);
    const connected = linkStatus.kind === 'open';
    this.#running.hidden = stage !== null;
    this.#foot.element.hidden = stage !== null;
    const title = this.#stage.update(stage, connected);
    if (title) this.announce(title);
    const trouble = this.#impairment.update(state, connected);
    if (trouble) this.announce(trouble);
    this.#notice.update(notice, Date.now());
    this.#announceConnection(connected);
    this.#elsewhere.update(context, session.lab);
    this.#foot.update();
    this.#touch.update();
    if (state && !stage) {
      this.#bar.update({ state, selected: this.deck.selected, connected });
      this.deck.update(state.terminals);
      this.#map.update(state);
      this.#announceEndedShells(state.terminals);
      this.#focusPrompt(state.sandbox?.id ?? null);
    }
    this.tick();
  }

  tick(): void {
    const session = this.#session();
    const remainingMs = session.remainingMs(Date.now());
    this.#bar.updateTime(remainingMs);
    this.#announceLowTime(remainingMs);
    const { notice } = panelView(session.state, session.linkStatus);
    if (notice) this.#notice.update(notice, Date.now());
  }

  select(terminal: string): void {
    this.deck.select(terminal);
    const { state, linkStatus } = this.#session();
    if (state) this.#bar.update({ state, selected: terminal, connected: linkStatus.kind === 'open' });
  }

  /** Somebody asked for a machine: the keyboard goes to its prompt, unless it has gone elsewhere by then. */
  focusWhenRunning(): void {
    this.#waitsSince = { sandbox: this.#session().state?.sandbox?.id ?? null };
  }

  /** Not on touch screens: there the command bar is the way in, and focus would open a keyboard that hides the output. */
  focusTerminal(): void {
    if (matchMedia('(pointer: fine)').matches) this.deck.view(this.deck.selected)?.focus();
  }

  /** For screen readers. */
  announce(message: string): void {
    this.#live.lang = pageLocale() === 'en' ? 'en' : 'zh-CN';
    this.#live.replaceChildren(element('p', {}, message));
  }

  toast(message: string): void {
    this.#toast.show(message);
  }

  #type(terminal: string, bytes: Uint8Array): void {
    if (!this.#session().type(terminal, bytes)) this.toast(strings().notice.tooFast);
  }

  #refusePaste(bytes: number): void {
    this.toast(strings().notice.pasteTooLarge(Math.ceil(bytes / KIB), INPUT_BUFFER_BYTES / KIB));
  }

  #fresh(): void {
    this.focusWhenRunning();
    this.#session().send({ type: 'reset' });
  }

  #focusPrompt(sandbox: string | null): void {
    if (!this.#waitsSince || this.#waitsSince.sandbox === sandbox) return;
    this.#waitsSince = null;
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (isFree) this.focusTerminal();
  }

  async #reset(): Promise<void> {
    const { resetTitle: title, resetText: text } = strings().dialog;
    const action = strings().bar.reset;
    if (this.#session().touched && !(await confirmDialog({ title, text, action }))) return;
    this.#fresh();
  }

  /** A machine at a step in place of the one there is. */
  async startAt(step: string): Promise<void> {
    const { state } = this.#session();
    const number = (state?.steps.findIndex(({ id }) => id === step) ?? 0) + 1;
    const { startHereTitle, startHereText: text } = strings().dialog;
    const question = { title: startHereTitle(number), text, action: strings().step.startHere };
    if (state?.phase.kind === 'running' && !(await confirmDialog(question))) return;
    this.focusWhenRunning();
    this.#session().send({ type: 'reset', step });
  }

  async #stop(): Promise<void> {
    const { stopTitle: title, stopText: text } = strings().dialog;
    const action = strings().bar.stop;
    if (await confirmDialog({ title, text, action })) this.#session().send({ type: 'stop' });
  }

  #announceEndedShells(terminals: AttemptState['terminals']): void {
    for (const { id, user, status } of terminals) {
      if (status === 'closed' && this.#wasOpen.get(id)) this.announce(strings().terminal.shellEndedSpoken(user));
      this.#wasOpen.set(id, status === 'open');
    }
  }

  #announceConnection(connected: boolean): void {
    if (this.#wasConnected !== null && this.#wasConnected !== connected) {
      this.announce(connected ? strings().notice.back : strings().notice.lost);
    }
    if (connected || this.#wasConnected !== null) this.#wasConnected = connected;
  }

  #announceLowTime(remainingMs: number | null): void {
    const isLow = remainingMs !== null && remainingMs < LOW_TIME_MS;
    if (isLow && !this.#wasLow) this.announce(strings().bar.lowTime(Math.ceil(remainingMs / 60_000)));
    this.#wasLow = isLow;
  }

  /** Back to where the keyboard was before it entered the terminal, or else to the terminal's tab. */
  #leaveTerminal(): void {
    this.#cameFrom?.focus();
    // It may be gone, hidden or disabled by now.
    if (this.deck.element.contains(document.activeElement)) this.#bar.focusTab(this.deck.selected);
  }

  #rememberFocus(target: HTMLElement): void {
    if (!this.deck.element.contains(target)) this.#cameFrom = target;
  }
}
