import type { SolutionLine } from '../../../protocol/server-messages.ts';
import type { AttemptState, CheckState, StepState } from '../../../protocol/state.ts';
import type { Text } from '../../../protocol/text.ts';
import { terminalName } from '../../text/terminal-name.ts';
import { element } from '../dom/element.ts';
import { inlineNodes } from '../dom/inline-text.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { checkDetails } from './check-details.ts';
import { hasLapsed, isEngaged, shownCheck } from './step-view.ts';

/** Help that was asked for, kept across navigation and language switch. */
export interface StepHelp {
  readonly hints: Text[];
  solution: readonly SolutionLine[] | null;
  asked: boolean;
}

export interface StepModel {
  readonly step: StepState;
  readonly help: StepHelp;
  readonly terminals: AttemptState['terminals'];
  readonly isCurrent: boolean;
  readonly hasMachine: boolean;
  /** A machine is running and the connection is open: buttons do something. */
  readonly live: boolean;
  /** Null for the first step: starting from there is what Reset does. */
  readonly startHere: StartHere | null;
}

export interface StartHere {
  readonly enabled: boolean;
  /** How long preparing it usually takes, while it is being prepared; else null. */
  readonly usualMs: number | null;
}

/** What takes a number of seconds only about so long is told in steps of these. */
const TOLD_SECONDS = 5;

/** Draws one Step.astro card from the server's state. The card's own words come from the page. */
export class StepCard {
  readonly id: string;
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.id = root.dataset.step ?? '';
    this.#root = root;
  }

  get title(): string {
    return this.#find('h3').textContent ?? '';
  }

  line(check: string): string {
    return this.#check(check)?.querySelector('span')?.textContent?.trim() ?? '';
  }

  render({ step, help, terminals, isCurrent, hasMachine, live, startHere }: StepModel): void {
    const goals = new Set(
      [...this.#root.querySelectorAll<HTMLElement>('[data-goal]')].map((line) => line.dataset.check ?? ''),
    );
    const engaged = isEngaged(step, { isCurrent, asked: help.asked, goals });
    this.#root.toggleAttribute('data-earned', step.earned);
    this.#root.toggleAttribute('data-lapsed', hasLapsed(step));
    this.#root.toggleAttribute('data-prepared', step.prepared && !step.earned);
    this.#find('[data-step-state]').textContent = stateInWords(step);
    for (const check of [...step.checks, ...step.verdict]) this.#renderLine(shownCheck(check, engaged));
    this.#renderHelp(help, terminals, live);
    this.#find('[data-needs-machine]').hidden = hasMachine;
    if (startHere) this.#renderStartHere(startHere, hasMachine);
    const buttons = this.#root.querySelectorAll<HTMLButtonElement>('[data-action]:not([data-action="start-here"])');
    for (const button of buttons) this.#enable(button, help, live);
  }

  #renderLine(check: CheckState): void {
    const line = this.#check(check.id);
    if (!line) return;
    const key = JSON.stringify([pageLocale(), check]);
    if (line.dataset.key === key) return;
    line.dataset.key = key;
    line.dataset.status = check.status;
    line.querySelector('[data-details]')?.remove();
    line.append(element('div', { 'data-details': true, class: 'details' }, ...checkDetails(check)));
  }

  #renderHelp({ hints, solution }: StepHelp, terminals: AttemptState['terminals'], live: boolean): void {
    const list = this.#find('[data-hint-list]');
    list.hidden = hints.length === 0;
    if (list.childElementCount !== hints.length || list.lang !== pageLocale()) {
      list.lang = pageLocale();
      list.replaceChildren(...hints.map((hint) => element('li', {}, ...inlineNodes(hint[pageLocale()]))));
    }
    const place = this.#find('[data-solution]');
    place.hidden = solution === null;
    if (solution && place.dataset.key !== pageLocale()) {
      place.dataset.key = pageLocale();
      place.replaceChildren(...solutionBlocks(solution, terminals));
    }
    for (const run of place.querySelectorAll<HTMLButtonElement>('[data-run]')) run.disabled = !live;
  }

  /** Not in Step.astro: it takes a machine's page to be of use, and pages are kept light. */
  #renderStartHere({ enabled, usualMs }: StartHere, hasMachine: boolean): void {
    const text = strings().step;
    const footer = this.#find('footer');
    if (!footer.querySelector('[data-action="start-here"]')) {
      const options = { type: 'button', class: 'button button-quiet', 'data-action': 'start-here' };
      footer.append(element('button', options), element('p', { 'data-preparing': true, role: 'status' }));
    }
    const button = this.#find('[data-action="start-here"]') as HTMLButtonElement;
    button.disabled = !enabled;
    button.textContent = text.startHere;
    const said =
      usualMs === null ? '' : [text.preparing(toldSeconds(usualMs)), hasMachine ? text.goesOn : ''].join(' ');
    const place = this.#find('[data-preparing]');
    place.hidden = usualMs === null;
    if (place.textContent !== said) place.textContent = said;
  }

  #enable(button: HTMLButtonElement, { hints, solution }: StepHelp, live: boolean): void {
    const total = Number(this.#root.dataset.hints);
    const text = strings().step;
    button.disabled = !live;
    if (button.dataset.action === 'solution') button.hidden = solution !== null;
    if (button.dataset.action !== 'hint') return;
    button.disabled = !live || hints.length >= total;
    button.textContent = hints.length >= total ? text.noMoreHints : text.hint(hints.length + 1, total);
  }

  #check(id: string): HTMLElement | null {
    return this.#root.querySelector(`[data-check="${CSS.escape(id)}"]`);
  }

  #find(selector: string): HTMLElement {
    const found = this.#root.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`Step.astro has no ${selector}; step-card.ts needs it.`);
    return found;
  }
}

function stateInWords(step: StepState): string {
  const { earned, earnedLapsed, prepared } = strings().step;
  if (step.earned) return hasLapsed(step) ? earnedLapsed : earned;
  return step.prepared ? prepared : '';
}

const toldSeconds = (ms: number): number => TOLD_SECONDS * Math.max(1, Math.ceil(ms / 1000 / TOLD_SECONDS));

/** What ends a shell: the lines after it are for the next login. */
const ENDS_SHELL = /^(exit|logout)$/;

/** Lines for the same terminal stand together, with Run and Copy as on any command of the lesson. */
function solutionBlocks(lines: readonly SolutionLine[], terminals: AttemptState['terminals']): Node[] {
  const text = strings().step;
  const groups: { terminal: string; commands: string[] }[] = [];
  for (const { terminal, command } of lines) {
    const last = groups.at(-1);
    if (last?.terminal === terminal && !ENDS_SHELL.test(last.commands.at(-1) ?? '')) last.commands.push(command);
    else groups.push({ terminal, commands: [command] });
  }
  return groups.map(({ terminal, commands }) =>
    element(
      'figure',
      { class: 'fence fence-command' },
      element(
        'figcaption',
        {},
        element('span', { class: 'fence-label' }, terminalName(terminal, terminals)),
        element('button', { type: 'button', class: 'fence-run', 'data-run': terminal }, text.run),
        element('button', { type: 'button', class: 'fence-copy', 'data-copy': true }, text.copy),
      ),
      element('pre', {}, element('code', {}, commands.join('\n'))),
    ),
  );
}
