import { existsSync } from 'node:fs';
import { DrydockError } from '../../errors.ts';
import type { Baker, Driver, Network, TemplateRef } from '../driver.ts';
import { whileItAnswers } from './while-it-answers.ts';

/** Machines elsewhere: what they are made of is brought there before anybody waits for one. */
export interface DeliveringDriver extends Driver, Baker {
  deliver(template: TemplateRef): Promise<void>;
  /** Removes there what no start has wanted for long. */
  sweep(): Promise<void>;
}

/** The driver of one engine. DockerDriver is one. */
export interface EngineDriver extends DeliveringDriver {
  /** Looks again whether what machines need is on the engine, and brings what is missing but templates. */
  refresh(): Promise<void>;
}

/** An engine that was named, whether or not it is there. */
export interface NamedEngine {
  /** For messages. */
  readonly name: string;
  /** Rejects, with what to do about it, while it cannot be used. */
  open(): Promise<EngineDriver>;
}

/** A template that did not fit; it is not sent again before `until`. */
interface Lack {
  readonly cause: unknown;
  readonly until: number;
}

/** A failure of one start is no more than that; these are the engine's own, and the next start fails as well. */
const ENGINES_OWN: ReadonlySet<unknown> = new Set([
  ...['engine-unreachable', 'engine-refused', 'engine-no-space', 'engine-image-missing', 'engine-limits'],
]);

/** What failed for a reason that may have to do with the engine has others go first for so long. */
const DOUBT_MS = 60_000;
const LACK_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** One engine of several: whether it is used, why not, and what is there. */
export class EngineSeat implements AsyncDisposable {
  readonly engine: NamedEngine;
  /** Machines that are there or being started. */
  machines = 0;
  readonly #tell: (text: string) => void;
  readonly #lacks = new Map<string, Lack>();
  /** Records of machines to end once it answers. */
  readonly #toEnd: string[] = [];
  #driver: EngineDriver | undefined;
  #trouble: string | undefined = 'it has not been opened yet';
  #isOpening = false;
  #isLate = false;
  #isOver = false;
  #doubtedUntil = 0;
  readonly #retryMs: number;
  #pauseMs: number;
  #notBefore = 0;
  #returning: Promise<void> | undefined;

  constructor(engine: NamedEngine, { tell, retryMs }: { tell: (text: string) => void; retryMs: number }) {
    this.engine = engine;
    this.#tell = tell;
    this.#retryMs = retryMs;
    this.#pauseMs = retryMs;
  }

  /** Undefined while it is left out. */
  get driver(): EngineDriver | undefined {
    return this.#trouble === undefined ? this.#driver : undefined;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  isDoubted(now = Date.now()): boolean {
    return now < this.#doubtedUntil;
  }

  lack(template: TemplateRef, now = Date.now()): Lack | undefined {
    const lack = this.#lacks.get(template.key);
    return lack !== undefined && now < lack.until ? lack : undefined;
  }

  /** For the first time. One that nobody waits for any more is used once it has been taken back. */
  async open(): Promise<void> {
    this.#isOpening = true;
    try {
      await this.#openDriver();
      if (!this.#isLate) this.#trouble = undefined;
    } finally {
      this.#isOpening = false;
    }
  }

  /** Whoever waited for it goes on without. */
  goOnWithout(): void {
    this.#isLate = this.#isOpening;
    if (this.#isLate) this.leaveOut('it is still being opened');
  }

  leaveOut(trouble: string): void {
    if (this.#trouble !== trouble) this.#tell(`The Docker Engine at ${this.engine.name} is left out: ${trouble}`);
    this.#trouble = trouble;
  }

  /** What somebody's request failed of. Left out if it is the engine's own trouble; resolves to what to throw. */
  async blame(cause: unknown): Promise<unknown> {
    if ((cause as Error | undefined)?.name === 'AbortError') return cause;
    const silent = await this.#driver?.problem();
    const own = cause instanceof DrydockError && ENGINES_OWN.has(cause.code) ? cause.message : undefined;
    const trouble = silent ?? own;
    this.#doubtedUntil = Date.now() + DOUBT_MS;
    if (trouble === undefined) return cause;
    this.leaveOut(trouble);
    return new DrydockError('engine-unreachable', `${this.engine.name}: ${trouble}`, { cause });
  }

  /** One that has no room for it goes on with what it has. Rejects with why it lacks it. */
  async deliver(template: TemplateRef): Promise<void> {
    const { driver } = this;
    if (driver === undefined) throw new DrydockError('engine-unreachable', `${this.engine.name}: ${this.#trouble}`);
    const lack = this.lack(template);
    if (lack !== undefined) throw lack.cause;
    const noRoom = await this.#bring(driver, template).catch((silence: Error) => {
      this.leaveOut(silence.message);
      throw silence;
    });
    if (noRoom !== undefined) throw noRoom;
  }

  /** Resolves to why it does not fit there, which is kept; rejects when the engine has fallen silent. */
  async #bring(driver: EngineDriver, template: TemplateRef): Promise<unknown> {
    try {
      await whileItAnswers(driver, driver.deliver(template));
      this.#lacks.delete(template.key);
      return undefined;
    } catch (cause) {
      const silent = await driver.problem();
      if (silent !== undefined) throw new DrydockError('engine-unreachable', silent, { cause });
      this.#lacks.set(template.key, { cause, until: Date.now() + LACK_MS });
      return cause;
    }
  }

  /** Now, or as soon as it is used again. */
  async endNamed(text: string): Promise<number> {
    try {
      if (this.driver !== undefined) return await this.driver.endNamed(text);
    } catch {
      // Later, then.
    }
    this.#toEnd.push(text);
    return 0;
  }

  /** Also of one that is left out, whose machines may live. One that comes later is disposed of then. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#driver?.[Symbol.asyncDispose]();
  }

  /** Tries one that is left out, unless it is too early or under way; it then has every one of these templates it can have. */
  takeBack(templates: Iterable<TemplateRef>): Promise<void> {
    if (this.#trouble === undefined || this.#isOpening || Date.now() < this.#notBefore) return Promise.resolve();
    this.#returning ??= this.#return(templates).finally(() => {
      this.#returning = undefined;
    });
    return this.#returning;
  }

  async #return(templates: Iterable<TemplateRef>): Promise<void> {
    const pauseMs = this.#pauseMs;
    try {
      const driver = this.#driver ?? (await this.#openDriver());
      const silent = await driver.problem();
      if (silent !== undefined) throw new Error(silent);
      await whileItAnswers(driver, driver.refresh());
      this.#lacks.clear();
      for (const text of this.#toEnd.splice(0)) await driver.endNamed(text);
      for (const template of templates) {
        if (existsSync(template.folder)) await this.#bring(driver, template);
      }
      this.#trouble = undefined;
      this.#pauseMs = this.#retryMs;
      this.#tell(`The Docker Engine at ${this.engine.name} is used again.`);
    } catch (cause) {
      this.leaveOut(cause instanceof Error ? cause.message : String(cause));
      this.#notBefore = Date.now() + pauseMs;
      this.#pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  async #openDriver(): Promise<EngineDriver> {
    const driver = await this.engine.open();
    if (this.#isOver) {
      await driver[Symbol.asyncDispose]();
      throw new Error('it was opened when nobody wanted it any more');
    }
    this.#driver = driver;
    return driver;
  }
}

/** Of the machines of one sandbox: the first that starts decides where. */
export class SeatNetwork implements Network {
  seat: EngineSeat | undefined;
  #inner: Network | undefined;

  at(seat: EngineSeat, driver: EngineDriver): Network {
    this.seat = seat;
    this.#inner ??= driver.network();
    return this.#inner;
  }

  [Symbol.dispose](): void {
    this.#inner?.[Symbol.dispose]();
  }
}
