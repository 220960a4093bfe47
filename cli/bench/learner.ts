import { randomBytes } from 'node:crypto';
import { TestBrowser } from '../../sandbox-server/testing/test-browser.ts';
import type { TestPage } from '../../sandbox-server/testing/test-page.ts';

export interface LearnerOptions {
  readonly origin: string;
  readonly lab: string;
  readonly terminal: string;
  /** Keeps a copy of the screen. */
  readonly copies?: boolean;
}

/**
 * Somebody who opens a lab, over the real HTTP and WebSocket. A prompt counts when the guest has echoed a token that
 * was typed after the click: a stored picture of a prompt does not.
 */
export class Learner implements AsyncDisposable {
  readonly page: TestPage;
  /** For another page of the same learner. */
  readonly cookie: string | undefined;
  readonly #terminal: string;

  private constructor(page: TestPage, { terminal, cookie }: { terminal: string; cookie: string | undefined }) {
    this.page = page;
    this.cookie = cookie;
    this.#terminal = terminal;
  }

  /** Milliseconds from the click to the prompt. */
  static async click(options: LearnerOptions): Promise<{ learner: Learner; promptMs: number }> {
    const { origin, lab, terminal, copies = false } = options;
    const clicked = performance.now();
    const browser = new TestBrowser({ origin, lab });
    const page = await browser.open({ copies });
    const learner = new Learner(page, { terminal, cookie: browser.cookie });
    await page.running();
    await learner.#echo(token());
    return { learner, promptMs: performance.now() - clicked };
  }

  async reset(): Promise<number> {
    const clicked = performance.now();
    const old = this.page.state?.sandbox?.id;
    this.page.send({ type: 'reset' });
    await this.page.stateWhere(({ phase, sandbox }) => phase.kind === 'running' && sandbox?.id !== old);
    await this.#echo(token());
    return performance.now() - clicked;
  }

  /** Milliseconds from a key to its echo by the shell's line editor. */
  async key(): Promise<number> {
    const before = this.page.end(this.#terminal);
    const pressed = performance.now();
    this.page.type(this.#terminal, 'k');
    await this.page.until(() => this.page.end(this.#terminal) > before);
    return performance.now() - pressed;
  }

  async clearLine(): Promise<void> {
    this.page.type(this.#terminal, CLEAR_LINE);
    await this.#echo(token());
    this.page.type(this.#terminal, CLEAR_LINE);
  }

  /** Types a command; resolves with the milliseconds until the given mark is printed. */
  async command(command: string, mark: RegExp): Promise<number> {
    const started = performance.now();
    this.page.type(this.#terminal, `${CLEAR_LINE}${command}\r`);
    await this.page.shows(this.#terminal, mark);
    return performance.now() - started;
  }

  /** Everything printed so far has come: what was typed last is on the screen. */
  async settle(): Promise<void> {
    await this.#echo(token());
  }

  get received(): number {
    return this.page.end(this.#terminal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.page.send({ type: 'stop' });
    await this.page.stateWhere(({ phase }) => phase.kind === 'ended');
    await this.page.close();
  }

  async #echo(text: string): Promise<void> {
    this.page.type(this.#terminal, text);
    await this.page.shows(this.#terminal, new RegExp(text));
  }
}

/** Ctrl-U */
const CLEAR_LINE = '\x15';

/** A comment, so that a stray Enter does nothing. */
const token = (): string => `#${randomBytes(6).toString('hex')}`;
