import { expect, type Locator, type Page } from '@playwright/test';
import { TerminalScreen } from './terminal-screen.ts';

export type PageLocale = 'zh-cn' | 'en';

const PATH = { 'zh-cn': '/lessons/docker-group/', en: '/en/lessons/docker-group/' };

/** Lesson 4 as its reader uses it: what they see and press, nothing behind it. */
export class LessonPage {
  readonly page: Page;
  readonly terminal: TerminalScreen;

  constructor(page: Page) {
    this.page = page;
    this.terminal = new TerminalScreen(page);
  }

  async open({ locale = 'en', origin = '' }: { locale?: PageLocale; origin?: string } = {}): Promise<void> {
    await this.page.goto(origin + PATH[locale]);
  }

  /** Opens the lesson, starts a machine and waits for its prompt. */
  async begin(options: { locale?: PageLocale; origin?: string } = {}): Promise<void> {
    await this.open(options);
    await this.page.locator('[data-start]').click();
    await this.terminal.prompts('alice@dock:~$');
  }

  /** Presses Run on the first command block of the prose in which these lines follow each other. */
  async run(...lines: string[]): Promise<void> {
    const block = this.page
      .locator('.prose figure')
      .filter({ hasText: lines.join('') })
      .first();
    await block.locator('[data-run]').click();
  }

  step(id: string): Locator {
    return this.page.locator(`[data-step="${id}"]`);
  }

  /** The line of one check, once it has this status. */
  check(step: string, check: string, status?: string): Locator {
    const wanted = status === undefined ? '' : `[data-status="${status}"]`;
    return this.step(step).locator(`[data-check="${check}"]${wanted}`);
  }

  async passes(step: string, ...checks: string[]): Promise<void> {
    for (const check of checks) await expect(this.check(step, check, 'passed')).toBeVisible();
  }

  /** What a failed line says below itself, as [expected, seen, try]. */
  async report(step: string, check: string): Promise<string[]> {
    return await this.check(step, check, 'failed').locator('dd').allInnerTexts();
  }

  /** A question, once it has this status. */
  question(id: string, status?: string): Locator {
    return this.page.locator(`[data-question="${id}"]${status === undefined ? '' : `[data-status="${status}"]`}`);
  }

  /** Chooses by what is written, and answers by the keyboard. */
  async answer(question: string, choice: string): Promise<void> {
    await this.question(question).getByRole('radio', { name: choice }).check();
    await this.question(question).getByRole('button').press('Enter');
  }

  /** The word at a step's head: empty until the step is earned. */
  verdictOn(step: string): Locator {
    return this.step(step).locator('[data-step-state]');
  }

  tool(name: string): Locator {
    return this.page.locator('.machine').getByRole('button', { name, exact: true });
  }

  tab(user: string): Locator {
    return this.page.getByRole('tab', { name: user });
  }

  /** What a tab says once its shell has ended. */
  ended(user: string): Locator {
    return this.tab(user).getByText('ended');
  }

  /** Presses a button that asks first, and says yes. */
  async confirm(name: string): Promise<void> {
    await this.tool(name).click();
    await this.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  }

  get stage(): Locator {
    return this.page.locator('.stage');
  }

  get notice(): Locator {
    return this.page.locator('.notice');
  }
}
