import { expect, type Locator, type Page } from '@playwright/test';

const ROWS = '.terminal-panel:not([hidden]) .xterm-rows > div';

/** The terminal in front, as it is drawn: rows of text, and the keyboard. */
export class TerminalScreen {
  readonly #page: Page;
  #finished = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  get panel(): Locator {
    return this.#page.locator('.terminal-panel:not([hidden])');
  }

  get keyboard(): Locator {
    return this.panel.locator('.xterm-helper-textarea');
  }

  /** Without what is blank at the ends of lines and of the screen. */
  async lines(): Promise<string[]> {
    const rows = (await this.#page.locator(ROWS).allTextContents()).map((row) => row.trimEnd());
    return rows.slice(0, rows.findLastIndex((row) => row !== '') + 1);
  }

  /** The last line is this prompt, with nothing typed. */
  async prompts(prompt: string): Promise<void> {
    await expect.poll(async () => (await this.lines()).at(-1)).toBe(prompt);
  }

  async shows(line: string | RegExp): Promise<void> {
    const wanted = typeof line === 'string' ? line : expect.stringMatching(line);
    await expect.poll(() => this.lines()).toContainEqual(wanted);
  }

  /** Types a line as a person does, key by key. */
  async type(line: string): Promise<void> {
    await this.#page.keyboard.type(`${line}\n`);
  }

  /** Types a line and waits until the shell has done it and asks for the next. What is waited for is not in the line. */
  async finish(line: string): Promise<void> {
    this.#finished += 1;
    await this.type(`${line}; echo finished $((1000 + ${this.#finished}))`);
    await this.shows(`finished ${1000 + this.#finished}`);
    await expect.poll(async () => (await this.lines()).at(-1)).toMatch(/\$$/);
  }

  /** With the mouse, which a layer above the rows takes. */
  async hover(text: string): Promise<Locator> {
    const shown = this.panel.getByText(text, { exact: true }).first();
    const box = await shown.boundingBox();
    if (!box) throw new Error(`The terminal does not show "${text}".`);
    await this.#page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 });
    return shown;
  }

  /** Everything down from the line that matches, read page by page as somebody who scrolls back. */
  async scrollBackTo(first: RegExp): Promise<string[]> {
    let shown = await this.lines();
    let all = shown;
    while (!shown.some((line) => first.test(line))) {
      await this.#page.keyboard.press('Shift+PageUp');
      shown = await this.#pageAbove(shown[0] ?? '', first);
      all = [...shown.slice(0, shown.lastIndexOf(all[0] ?? '')), ...all];
    }
    return all.slice(all.findIndex((line) => first.test(line)));
  }

  /** Scrolling leaves one line of overlap, except where it meets the top. */
  async #pageAbove(below: string, first: RegExp): Promise<string[]> {
    const handle = await this.#page.waitForFunction(
      ([rows, last, top]) => {
        const shown = [...document.querySelectorAll(rows)].map((row) => row.textContent?.trimEnd() ?? '');
        const arrived = shown.at(-1) === last || shown.some((line) => new RegExp(top).test(line));
        return arrived ? shown : null;
      },
      [ROWS, below, first.source] as const,
    );
    return (await handle.jsonValue()) ?? [];
  }
}
