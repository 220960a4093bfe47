import type { Impairment } from '../../protocol/troubles.ts';
import type { Finding, Machine } from '../machines/driver.ts';

/** How often a machine is asked whether it is there … */
export const PULSE_MS = 5_000;
/** … and unanswered for so many, it is silent. Beats are counted, not time: a server that slept has not waited. */
export const BEATS_UNANSWERED = 3;
/** So many looks in a row that came to no end: it is too busy for anything. */
export const LOOKS_UNFINISHED = 2;
/** How soon after something happened it is looked at, and how often while it goes on happening. */
const QUIET_MS = 2_000;
const BUSY_MS = 15_000;
/** How often one that is impaired is looked at again: it may have been put right. */
const AGAIN_MS = 5_000;

export interface VitalsOptions {
  /** Its role in the lab. */
  readonly role: string;
  readonly machine: Pick<Machine, 'answers' | 'examine' | 'isPaused'>;
  /** `impairments` is not what it was. */
  onChange(): void;
  /** Default: that of timers. */
  readonly pulseMs?: number;
}

/**
 * What is wrong with one machine that runs, found out while somebody looks: it is asked for a sign of life all the time,
 * and looked at after something was done in it, or when a check could not be asked. A machine that is merely busy answers,
 * only later; one that does nothing else any more is said to be busy. What was found is gone when it is not found any more.
 */
export class Vitals implements Disposable {
  readonly #options: VitalsOptions;
  #pulse: NodeJS.Timeout | undefined;
  #unanswered: number | undefined;
  #isSilent = false;
  #findings: readonly Finding[] = [];
  #unfinished = 0;
  #look: NodeJS.Timeout | undefined;
  #lookAt = Number.POSITIVE_INFINITY;
  #isLooking = false;
  #firstActivityAt: number | null = null;
  #isWatched = false;
  #isOver = false;

  constructor(options: VitalsOptions) {
    this.#options = options;
  }

  get impairments(): readonly Impairment[] {
    const { role: machine } = this.#options;
    if (this.#isSilent) return [{ machine, kind: 'silent', what: null }];
    if (this.#unfinished >= LOOKS_UNFINISHED) return [{ machine, kind: 'busy', what: null }];
    return this.#findings.map((finding) => ({ machine, ...finding }));
  }

  /** Nobody looks: nothing is asked, and it may rest. */
  setWatched(isWatched: boolean): void {
    if (this.#isOver || this.#isWatched === isWatched) return;
    this.#isWatched = isWatched;
    // A question may still be under way.
    if (this.#unanswered !== undefined) this.#unanswered = 0;
    clearInterval(this.#pulse);
    clearTimeout(this.#look);
    this.#lookAt = Number.POSITIVE_INFINITY;
    if (!isWatched) return;
    this.#pulse = setInterval(() => this.#beat(), this.#options.pulseMs ?? PULSE_MS).unref();
    if (this.#findings.length > 0 || this.#firstActivityAt !== null) this.#schedule(0);
  }

  /** Something happened in it. */
  noteActivity(now = Date.now()): void {
    this.#firstActivityAt ??= now;
    const whenBusy = this.#firstActivityAt + BUSY_MS - now;
    if (this.#isWatched && !this.#isOver) this.#schedule(Math.max(0, Math.min(QUIET_MS, whenBusy)), { isLater: true });
  }

  /** Something could not be asked of it. */
  noteDoubt(): void {
    this.#schedule(0);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#pulse);
    clearTimeout(this.#look);
  }

  #beat(): void {
    if (this.#options.machine.isPaused) return;
    if (this.#unanswered !== undefined) {
      this.#unanswered += 1;
      if (this.#unanswered >= BEATS_UNANSWERED) this.#setSilent(true);
      return;
    }
    this.#unanswered = 0;
    this.#options.machine.answers().then(
      () => this.#answered(),
      // Its end is told of by others. While it goes on, an error is no silence, and it is asked again.
      () => {
        this.#unanswered = undefined;
      },
    );
  }

  #answered(): void {
    this.#unanswered = undefined;
    this.#setSilent(false);
  }

  #setSilent(isSilent: boolean): void {
    if (this.#isOver || this.#isSilent === isSilent) return;
    this.#isSilent = isSilent;
    this.#options.onChange();
    if (!isSilent) this.#schedule(0);
  }

  /** The sooner of this and what was planned holds, unless that may be put off. */
  #schedule(inMs: number, { isLater = false } = {}): void {
    if (this.#isOver || !this.#isWatched || this.#isLooking) return;
    const at = Date.now() + inMs;
    if (!isLater && at >= this.#lookAt) return;
    clearTimeout(this.#look);
    this.#lookAt = at;
    this.#look = setTimeout(() => void this.#examine(), inMs).unref();
  }

  async #examine(): Promise<void> {
    this.#lookAt = Number.POSITIVE_INFINITY;
    if (this.#isSilent || this.#options.machine.isPaused) return;
    this.#isLooking = true;
    this.#firstActivityAt = null;
    const found = await this.#options.machine.examine();
    this.#isLooking = false;
    if (this.#isOver) return;
    const before = JSON.stringify(this.impairments);
    this.#unfinished = found === undefined ? this.#unfinished + 1 : 0;
    this.#findings = found ?? this.#findings;
    if (JSON.stringify(this.impairments) !== before) this.#options.onChange();
    if (this.#findings.length > 0 || this.#unfinished > 0) this.#schedule(AGAIN_MS);
    else if (this.#firstActivityAt !== null) this.#schedule(QUIET_MS);
  }
}
