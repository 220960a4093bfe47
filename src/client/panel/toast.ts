import { button, element } from '../dom/element.ts';
import { strings } from '../strings/strings.ts';

const SHOWN_MS = 12_000;

/** One short message at a time over the terminals; it also reaches the live region. */
export class Toast {
  readonly element = element('div', { class: 'toast', role: 'alert', hidden: true });
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(message: string): void {
    clearTimeout(this.#timer);
    this.element.replaceChildren(
      element('p', {}, message),
      button(strings().notice.dismiss, () => this.hide()),
    );
    this.element.hidden = false;
    this.#timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.element.hidden = true;
  }
}
