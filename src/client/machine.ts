import { adoptStyles } from './dom/adopt-styles.ts';
import { WebSocketLink } from './link/web-socket-link.ts';
import machineCss from './machine.css?inline';
import { type LessonContext, lessonContext } from './page/lesson-context.ts';
import { Panel } from './panel/panel.ts';
import { forget, remember, rememberedSandbox } from './session/remembered-labs.ts';
import { Session } from './session/session.ts';
import { StepBoard } from './steps/step-board.ts';
import stepsCss from './steps/steps.css?inline';
import { pageLocale, strings } from './strings/strings.ts';

/** The machine of this visit: one session, the panel that shows it, and the steps it checks. */
let session: Session | undefined;
let parts: { panel: Panel; steps: StepBoard } | undefined;
/** Commands whose Run button was pressed before there was a machine to run them. */
let waiting: { terminal: string; code: string }[] = [];

/** A click on "start": a machine for this page's lab, whatever there was before. */
export function startMachine(context: LessonContext): void {
  if (context.lab === null || session?.lab === context.lab) return;
  const known = rememberedSandbox(context.lab);
  openSession(context.lab, null);
  if (known === undefined) remember(context.lab, '');
}

/** The page of a lab that this browser has a machine of. */
export function resumeMachine(context: LessonContext): void {
  if (context.lab !== null && !session) openSession(context.lab, rememberedSandbox(context.lab) || null);
}

/** Client-side navigation: other cards, perhaps another language, perhaps another lab. */
export function pageChanged(context: LessonContext): void {
  if (session) {
    parts?.steps.bind(context.lab === session.lab);
    render();
  } else if (context.lab !== null && rememberedSandbox(context.lab) !== undefined) resumeMachine(context);
}

export function runInTerminal(context: LessonContext, command: { terminal: string; code: string }): void {
  if (context.lab === null) return;
  startMachine(context);
  const { state } = current();
  waiting.push(command);
  if (state?.phase.kind === 'ended') current().send({ type: 'reset' });
  typeWaiting();
}

function openSession(lab: string, returnsTo: string | null): void {
  adoptStyles('machine', machineCss);
  adoptStyles('steps', stepsCss);
  void import('./terminal/xterm.ts');
  session?.close();
  waiting = [];
  session = new Session({
    lab,
    returnsTo,
    openLink: (listener) => new WebSocketLink(lab, listener),
    listener: {
      changed: () => changed(),
      sandboxChanged: () => sandboxChanged(),
      output: (terminal, { bytes, end, epoch }) => {
        const view = parts?.panel.deck.view(terminal);
        view?.write(bytes, end, () => session?.parsed(terminal, { end, epoch }));
      },
      resync: (terminal) => parts?.panel.deck.view(terminal)?.clear(),
      answer: (message) => {
        if (message.type === 'error')
          parts?.panel.toast(`${message.error.message[pageLocale()]} ${message.error.hint[pageLocale()]}`);
        else parts?.steps.answer(message);
      },
    },
  });
  parts ??= build();
  parts.steps.forget();
  parts.steps.bind(lessonContext()?.lab === lab);
  parts.panel.deck.replace([], () => 0);
  render();
  session.connect();
}

function build(): { panel: Panel; steps: StepBoard } {
  const host = document.getElementById('machine');
  if (!host) throw new Error('Dock.astro has no #machine; the panel needs it.');
  const panel = new Panel(host, current, () => {
    const context = lessonContext();
    if (context) startMachine(context);
  });
  return { panel, steps: new StepBoard(current, (message) => panel.announce(message)) };
}

function current(): Session {
  if (!session) throw new Error('There is no session yet; openSession comes first.');
  return session;
}

let wasConnected = false;

function changed(): void {
  const { state, linkStatus, lab } = current();
  if (state?.sandbox) remember(lab, state.sandbox.id);
  else if (state?.phase.kind === 'ended' && !rememberedSandbox(lab)) forget(lab);
  const connected = linkStatus.kind === 'open';
  if (connected && !wasConnected) parts?.panel.deck.announceSize();
  wasConnected = connected;
  render();
  typeWaiting();
}

function sandboxChanged(): void {
  const { state } = current();
  parts?.steps.sandboxChanged();
  parts?.panel.deck.replace(state?.terminals ?? [], (terminal) => current().replayedTo(terminal));
}

function render(): void {
  parts?.panel.render(lessonContext());
  parts?.steps.render();
}

function typeWaiting(): void {
  const { state } = current();
  if (state?.phase.kind !== 'running' || !parts) return;
  const commands = waiting;
  waiting = [];
  const { panel } = parts;
  for (const { terminal, code } of commands) {
    const shell = state.terminals.find(({ id }) => id === terminal);
    if (!shell) continue;
    panel.select(terminal);
    if (shell.status === 'closed') panel.announce(strings().terminal.shellEndedSpoken(shell.user));
    else panel.deck.view(terminal)?.enterLines(code);
    if (matchMedia('(pointer: fine)').matches) panel.deck.view(terminal)?.focus();
  }
}
