import { type Alphabet, keyOf, type TerminalTruth } from './terminal-truth.ts';
import type { TestBrowser } from './test-browser.ts';
import type { TestPage, TestPageOptions } from './test-page.ts';

const TERMINAL = 'alice';
/** Somebody types at most so far ahead of what the machine has applied. */
const AHEAD_BYTES = 600;
const MOST_KEYS_AT_ONCE = 12;
const CUT_OFF = 1006;

const BOXES = [
  { cols: 80, rows: 24 },
  { cols: 100, rows: 30 },
  { cols: 61, rows: 12 },
];

/** What a page can do wrong; for controls. */
export type Mistake = 'sends an applied key again' | 'takes a byte for known that it never got';

export interface RestlessTypistOptions {
  readonly browser: TestBrowser;
  readonly alphabet: Alphabet;
  readonly random: () => number;
  readonly truth: TerminalTruth;
  readonly mistake?: Mistake;
}

/** Somebody who types on in one page, whatever the network does, and comes back whenever it breaks. */
export class RestlessTypist {
  readonly #options: RestlessTypistOptions;
  /** The state has come over this connection. */
  #isHere = false;
  page: TestPage | undefined;
  typed = 0;
  /** Connections that got as far as the state. */
  visits = 0;
  /** Keys that were sent again after a cut. */
  sentAgain = 0;
  /** Snapshots of which a cut left half. */
  halves = 0;
  isResting = false;
  isOver = false;

  constructor(options: RestlessTypistOptions) {
    this.#options = options;
  }

  /** One connection after the other. */
  async run(): Promise<void> {
    while (!this.isOver) {
      const page = await this.#open();
      if (page !== undefined) await this.#stay(page);
    }
  }

  leave(): void {
    this.isOver = true;
    this.page?.socket.terminate();
  }

  /** Everything typed was applied, and everything printed has come. */
  isEvenWith(end: number): boolean {
    return this.page?.isApplied === true && this.page.end(TERMINAL) === end && this.page.isWhole(TERMINAL);
  }

  async #open(): Promise<TestPage | undefined> {
    const { browser, truth, alphabet, mistake } = this.#options;
    const { page: continues } = this;
    const claims = mistake === 'takes a byte for known that it never got' ? oneTooFar(continues?.resume) : undefined;
    const options: TestPageOptions = {
      ...{ copies: true, keepsText: false },
      onOutput: (_terminal, offset, bytes) => truth.check(alphabet, offset, bytes),
      // With the state comes how far its input was applied: who sends again at once does not know that yet.
      onMessage: (page, { type }) => type === 'state' && !this.#isHere && this.#arrive(page),
      ...(continues && { continues }),
      ...(claims && { resume: claims }),
    };
    this.#isHere = false;
    return await browser.open(options).catch(() => undefined);
  }

  async #stay(page: TestPage): Promise<void> {
    this.page = page;
    let isOver = false;
    void page.closed.then(({ code }) => {
      isOver = true;
      if (code !== CUT_OFF) this.#options.truth.note(`the server closed with ${code}`);
    });
    while (!isOver) {
      if (this.#isHere && !this.isResting) this.#type(page);
      if (page.fault !== undefined) this.#options.truth.note(page.fault);
      await new Promise(setImmediate);
    }
    if (!page.isWhole(TERMINAL)) this.halves += 1;
    // Who types does not look at the network.
    if (this.#options.random() < 0.5) this.#type(page);
  }

  #arrive(page: TestPage): void {
    const { random, mistake, alphabet } = this.#options;
    this.#isHere = true;
    this.visits += 1;
    this.sentAgain += page.typedAhead(TERMINAL);
    page.typeAgain();
    if (mistake === 'sends an applied key again' && this.typed > 0) {
      page.type(TERMINAL, String.fromCharCode(keyOf(alphabet, this.typed - 1)));
    }
    const box = BOXES[Math.floor(random() * 10 * BOXES.length)];
    if (box !== undefined) page.send({ type: 'resize', terminal: TERMINAL, ...box });
  }

  #type(page: TestPage): void {
    const { random, alphabet } = this.#options;
    if (page.state?.sandbox == null || page.typedAhead(TERMINAL) > AHEAD_BYTES) return;
    const count = 1 + Math.floor(random() * MOST_KEYS_AT_ONCE);
    const keys = Array.from({ length: count }, (_, index) => keyOf(alphabet, this.typed + index));
    this.typed += count;
    page.type(TERMINAL, String.fromCharCode(...keys));
  }
}

function oneTooFar(resume: TestPage['resume'] | undefined): TestPage['resume'] | undefined {
  const place = resume?.outputs[TERMINAL];
  if (resume == null || place === undefined) return undefined;
  return { ...resume, outputs: { ...resume.outputs, [TERMINAL]: { ...place, offset: place.offset + 1 } } };
}
