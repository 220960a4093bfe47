import { button, element } from '../dom/element.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { keyed } from './keyed.ts';
import type { Stage } from './panel-view.ts';

export interface StageActions {
  fresh(): void;
  retry(): void;
  leaveQueue(): void;
}

/** When a start takes longer than this the learner is told that it still goes on. */
const SLOW_MS = 4_000;

/** What to see while there is no running machine: being made, queued, ended, or out of reach. */
export class StageView {
  readonly element = element('div', { class: 'stage' });
  readonly #actions: StageActions;
  #slow: ReturnType<typeof setTimeout> | undefined;

  constructor(actions: StageActions) {
    this.#actions = actions;
  }

  /** The title, when it is a new one to announce. */
  update(stage: Stage | null, connected: boolean): string | null {
    this.element.hidden = stage === null;
    if (!stage) {
      keyed(this.element, null, () => []);
      clearTimeout(this.#slow);
      return null;
    }
    const [title, text] = words(stage);
    const changed = keyed(this.element, [pageLocale(), stage, connected], () => [
      ...(stage.kind === 'starting' || stage.kind === 'connecting' ? [waterline()] : []),
      element('h2', {}, title),
      element('p', {}, text),
      ...this.#buttons(stage, connected),
    ]);
    if (changed) this.#watchSlowness(stage);
    return changed ? title : null;
  }

  #buttons(stage: Stage, connected: boolean): Node[] {
    const text = strings().stage;
    const main = { class: 'button button-main' };
    if (stage.kind === 'away') return [button(text.retry, () => this.#actions.retry(), main)];
    if (stage.kind === 'refused') return [button(text.reload, () => location.reload(), main)];
    if (stage.kind === 'ended') {
      return [button(text.fresh, () => this.#actions.fresh(), { ...main, disabled: !connected })];
    }
    if (stage.kind !== 'queued') return [];
    return [button(text.leaveQueue, () => this.#actions.leaveQueue(), { disabled: !connected })];
  }

  #watchSlowness(stage: Stage): void {
    clearTimeout(this.#slow);
    if (stage.kind !== 'starting' && stage.kind !== 'connecting') return;
    this.#slow = setTimeout(() => this.element.append(element('p', { role: 'status' }, strings().stage.slow)), SLOW_MS);
  }
}

function words(stage: Stage): readonly [string, string] {
  const text = strings().stage;
  if (stage.kind === 'queued') return text.queued(stage);
  if (stage.kind === 'ended') return text.ended[stage.reason];
  if (stage.kind === 'refused') return [text.refused, stage.shown[pageLocale()]];
  if (stage.kind === 'away') return stage.shown ? [text.away[0], stage.shown[pageLocale()]] : text.away;
  return text[stage.kind];
}

function waterline(): HTMLElement {
  return element('div', { class: 'pumping', 'aria-hidden': 'true' }, element('i'));
}
