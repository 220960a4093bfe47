import { button, element } from '../dom/element.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { keyed } from './keyed.ts';
import type { ConnectionNotice } from './panel-view.ts';

/** A strip below the terminals that says where the connection is, with the way to try again by hand. */
export class NoticeView {
  readonly element = element('div', { class: 'notice', hidden: true });
  readonly #retry: () => void;

  constructor(retry: () => void) {
    this.#retry = retry;
  }

  update(notice: ConnectionNotice | null, now: number): void {
    this.element.hidden = notice === null;
    if (!notice) return void keyed(this.element, null, () => []);
    const seconds = notice.kind === 'lost' ? Math.max(0, Math.ceil((notice.retryAt - now) / 1000)) : 0;
    const built = [pageLocale(), notice.kind, notice.kind === 'reconnecting' ? null : notice.shown];
    keyed(this.element, built, () => this.#build(notice));
    const wait = this.element.querySelector('[data-wait]');
    if (wait) wait.textContent = seconds > 0 ? strings().notice.retryIn(seconds) : strings().notice.retrying;
  }

  #build(notice: ConnectionNotice): Node[] {
    const text = strings();
    if (notice.kind === 'reconnecting') return [element('p', {}, text.notice.lost, ' ', text.notice.retrying)];
    const said = notice.shown?.[pageLocale()];
    if (notice.kind === 'refused') {
      return [element('p', {}, said ?? ''), button(text.stage.reload, () => location.reload())];
    }
    const wait = element('span', { 'data-wait': true });
    return [element('p', {}, said ?? text.notice.lost, ' ', wait), button(text.stage.retry, this.#retry)];
  }
}
