import { element } from '../dom/element.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { keyed } from './keyed.ts';
import { type Arrow, arrowKey, controlCharacter } from './touch-keys.ts';

export interface TouchTarget {
  press(data: string): void;
  readonly applicationCursorKeys: boolean;
}

const ARROWS: readonly (readonly [Arrow, string])[] = [
  ['left', '←'],
  ['up', '↑'],
  ['down', '↓'],
  ['right', '→'],
];
const SIGNS = ['|', '/', '-', '~', '$'];

/**
 * On touch screens: a real input line, because phone keyboards and xterm.js do not get along, and a row of the keys
 * that those keyboards lack.
 */
export class TouchBar {
  readonly element = element('div', { class: 'touch-bar' });
  readonly #target: () => TouchTarget | null;
  #input: HTMLInputElement | undefined;
  #control: HTMLButtonElement | undefined;

  constructor(target: () => TouchTarget | null) {
    this.#target = target;
    visualViewport?.addEventListener('resize', stayAboveKeyboard);
    visualViewport?.addEventListener('scroll', stayAboveKeyboard);
  }

  update(): void {
    keyed(this.element, pageLocale(), () => [this.#keys(), this.#line()]);
  }

  #keys(): HTMLElement {
    this.#control = this.#key('Ctrl', () => this.#arm(this.#control?.getAttribute('aria-pressed') !== 'true'));
    this.#arm(false);
    return element(
      'div',
      { class: 'touch-keys', role: 'group', 'aria-label': strings().touch.keys },
      this.#key('Esc', () => this.#press('\x1b')),
      this.#key('Tab', () => this.#press(`${this.#take()}\t`)),
      this.#control,
      this.#key('^C', () => this.#press('\x03')),
      ...ARROWS.map(([arrow, sign]) => this.#key(sign, () => this.#press(this.#arrow(arrow)), arrow)),
      ...SIGNS.map((sign) => this.#key(sign, () => this.#insert(sign))),
    );
  }

  #line(): HTMLElement {
    const text = strings().touch;
    const input = element('input', {
      ...{ type: 'text', enterkeyhint: 'send', autocapitalize: 'off', autocomplete: 'off', spellcheck: 'false' },
      ...{ autocorrect: 'off', placeholder: text.command, 'aria-label': text.command },
    });
    this.#input = input;
    input.addEventListener('beforeinput', (event) => this.#intercept(event));
    const form = element('form', {}, input, element('button', { class: 'button button-main' }, text.send));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#press(`${this.#take()}\r`);
    });
    return form;
  }

  #key(label: string, onPress: () => void, name?: string): HTMLButtonElement {
    const key = element('button', { type: 'button', 'aria-label': name }, label);
    // Keeps the on-screen keyboard where it is.
    key.addEventListener('pointerdown', (event) => event.preventDefault());
    key.addEventListener('click', onPress);
    return key;
  }

  #intercept(event: InputEvent): void {
    if (this.#control?.getAttribute('aria-pressed') !== 'true' || !event.data) return;
    event.preventDefault();
    this.#arm(false);
    const control = controlCharacter(event.data);
    if (control) this.#press(control);
  }

  #arm(on: boolean): void {
    this.#control?.setAttribute('aria-pressed', String(on));
  }

  #arrow(arrow: Arrow): string {
    return arrowKey(arrow, this.#target()?.applicationCursorKeys ?? false);
  }

  #take(): string {
    const value = this.#input?.value ?? '';
    if (this.#input) this.#input.value = '';
    return value;
  }

  #insert(sign: string): void {
    this.#input?.setRangeText(sign, this.#input.selectionStart ?? 0, this.#input.selectionEnd ?? 0, 'end');
  }

  #press(data: string): void {
    this.#target()?.press(data);
  }
}

/** iOS lays its keyboard over the page without telling the layout; the sheet rises by what it covers. */
function stayAboveKeyboard(): void {
  if (!visualViewport) return;
  const covered = Math.max(0, innerHeight - visualViewport.height - visualViewport.offsetTop);
  document.documentElement.style.setProperty('--keyboard', `${Math.round(covered)}px`);
}
