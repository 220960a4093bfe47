import { button, element } from '../dom/element.ts';
import { readPreference, writePreference } from '../dom/preference.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { keyed } from './keyed.ts';

export function screenReaderOn(): boolean {
  return readPreference('screen-reader') === 'on';
}

/** Below the terminals: the keys that are not obvious, and the screen reader mode. */
export class FootView {
  readonly element = element('div', { class: 'machine-foot' });
  readonly #onScreenReader: (on: boolean) => void;

  constructor(onScreenReader: (on: boolean) => void) {
    this.#onScreenReader = onScreenReader;
  }

  update(): void {
    const on = screenReaderOn();
    keyed(this.element, [pageLocale(), on], () => {
      const text = strings().foot;
      const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
      const keys = mac ? '⌘C / ⌘V' : 'Ctrl+Shift+C / V';
      return [
        element('span', { class: 'key-hint' }, element('kbd', {}, 'F6'), ` ${text.leave}`),
        element('span', { class: 'key-hint' }, element('kbd', {}, keys), ` ${text.copyPaste}`),
        button(text.screenReader, () => this.#toggle(), { class: 'tool', 'aria-pressed': String(on) }),
      ];
    });
  }

  #toggle(): void {
    const on = !screenReaderOn();
    writePreference('screen-reader', on ? 'on' : null);
    this.update();
    this.element.querySelector('button')?.focus();
    this.#onScreenReader(on);
  }
}
