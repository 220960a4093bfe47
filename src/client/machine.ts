import type { TerminalSize } from '../../protocol/terminal-copy.ts';
import { adoptStyles } from './dom/adopt-styles.ts';
import { WebSocketLink } from './link/web-socket-link.ts';
import machineCss from './machine.css?inline';
import mapCss from './map/map.css?inline';
import { type LessonContext, lessonContext } from './page/lesson-context.ts';
import { Panel } from './panel/panel.ts';
import { type Command, RunQueue } from './panel/run-queue.ts';
import { QuestionBoard } from './questions/question-board.ts';
import questionsCss from './questions/questions.css?inline';
import { forget, remember, rememberedSandbox } from './session/remembered-labs.ts';
import { Session, type SessionListener } from './session/session.ts';
import { StepBoard } from './steps/step-board.ts';
import stepsCss from './steps/steps.css?inline';
import { pageLocale } from './strings/strings.ts';

/**
 * The machine of this visit: one session, the panel that shows it and the steps it checks. It outlives the pages; each
 * page that appears is handed to it.
 */
class Machine implements SessionListener {
  readonly #panel: Panel;
  readonly #steps: StepBoard;
  readonly #questions: QuestionBoard;
  readonly #runs: RunQueue;
  #session: Session | undefined;
  #wasConnected = false;
  /** The server has heard that the learner is here; after that, only keys and focus say so. */
  #hasLed = false;

  constructor() {
    adoptStyles('machine', machineCss);
    adoptStyles('map', mapCss);
    adoptStyles('steps', stepsCss);
    adoptStyles('questions', questionsCss);
    const session = () => this.#current;
    this.#panel = new Panel(session, () => this.#startHere());
    this.#steps = new StepBoard(session, {
      announce: (message) => this.#panel.announce(message),
      startAt: (step) => void this.#panel.startAt(step),
    });
    this.#questions = new QuestionBoard(session, { announce: (message) => this.#panel.announce(message) });
    this.#runs = new RunQueue(this.#panel);
    // The learner comes back to this window.
    addEventListener('focus', () => this.#session?.send({ type: 'focus' }));
  }

  /** A machine for this page's lab, whatever there was before. */
  start(context: LessonContext): void {
    if (context.lab === null || this.#session?.lab === context.lab) return;
    if (rememberedSandbox(context.lab) === undefined) remember(context.lab, '');
    this.#open(context.lab, null);
    this.#panel.focusWhenRunning();
  }

  /** Connects by itself if this browser has had a machine of this page's lab. */
  pageChanged(context: LessonContext): void {
    const known = context.lab === null ? undefined : rememberedSandbox(context.lab);
    if (!this.#session && context.lab !== null && known !== undefined) this.#open(context.lab, known || null);
    else if (this.#session) this.#show(context);
  }

  /** A Run button: starts a machine first if there is none. */
  run(context: LessonContext, command: Command): void {
    if (context.lab === null) return;
    this.start(context);
    this.#runs.add(command);
    if (this.#current.state?.phase.kind === 'ended') this.#current.send({ type: 'reset' });
    this.#runs.flush(this.#current.state);
  }

  changed(): void {
    const { state, linkStatus, lab } = this.#current;
    if (state?.sandbox) remember(lab, state.sandbox.id);
    else if (state?.phase.kind === 'ended' && !rememberedSandbox(lab)) forget(lab);
    const connected = linkStatus.kind === 'open';
    this.#render();
    // What was said about the connection is gone by now, and took room.
    if (connected && !this.#wasConnected) this.#connected();
    this.#wasConnected = connected;
    this.#runs.flush(state);
  }

  sandboxChanged(): void {
    this.#steps.sandboxChanged();
    this.#panel.deck.replace(this.#current.state?.terminals ?? []);
  }

  output(terminal: string, output: Parameters<SessionListener['output']>[1]): void {
    const session = this.#current;
    this.#panel.deck.view(terminal)?.write(output.bytes, () => session.parsed(terminal, output));
  }

  beginsAnew(terminal: string, size: TerminalSize): void {
    this.#panel.deck.view(terminal)?.beginAnew(size);
  }

  snapshot(terminal: string, bytes: Uint8Array): void {
    this.#panel.deck.view(terminal)?.write(bytes, () => {});
  }

  resized(terminal: string, size: TerminalSize): void {
    this.#panel.deck.view(terminal)?.resize(size);
  }

  answer(message: Parameters<SessionListener['answer']>[0]): void {
    if (message.type === 'error') {
      const { message: said, hint } = message.error;
      this.#panel.toast(`${said[pageLocale()]} ${hint[pageLocale()]}`);
    } else this.#steps.answer(message);
  }

  get #current(): Session {
    if (!this.#session) throw new Error('There is no session yet; open one first.');
    return this.#session;
  }

  #open(lab: string, returnsTo: string | null): void {
    // On its way while the ticket and the machine are.
    import('./terminal/xterm.ts').catch(() => {});
    this.#session?.close();
    this.#runs.clear();
    const openLink = (listener: Session) => new WebSocketLink(lab, listener);
    this.#session = new Session({ lab, returnsTo, listener: this, openLink });
    this.#steps.forget();
    this.#questions.forget();
    this.#panel.deck.replace([]);
    this.#hasLed = false;
    const context = lessonContext();
    if (context) this.#show(context);
    this.#session.connect();
  }

  #connected(): void {
    this.#panel.deck.announceSize();
    if (this.#hasLed || document.visibilityState !== 'visible') return;
    this.#hasLed = true;
    this.#current.send({ type: 'focus' });
  }

  #show(context: LessonContext): void {
    const host = document.getElementById('machine');
    if (host) this.#panel.mount(host);
    this.#steps.bind(context.lab === this.#current.lab);
    this.#questions.bind(context.lab === this.#current.lab);
    this.#render();
  }

  #render(): void {
    this.#panel.render(lessonContext());
    this.#steps.render();
    this.#questions.render();
  }

  #startHere(): void {
    const context = lessonContext();
    if (context) this.start(context);
  }
}

export const machine = new Machine();
