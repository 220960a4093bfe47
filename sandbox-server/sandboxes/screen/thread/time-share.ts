const HALF_LIFE_MS = 1_000;

/**
 * One screen's share of processor time: `burstMs` at once, and `part` of a processor in the long run. What was used can
 * only be known afterwards, so it may be in debt, which it waits off.
 */
export class TimeShare {
  readonly #part: number;
  readonly #burstMs: number;
  #leftMs: number;
  #recentMs = 0;
  #countedAt: number;

  constructor({ part, burstMs }: { part: number; burstMs: number }, now: number) {
    this.#part = part;
    this.#burstMs = burstMs;
    this.#leftMs = burstMs;
    this.#countedAt = now;
  }

  /** What it used, the less the longer ago that is: who has used least comes first. */
  recent(now: number): number {
    this.#count(now);
    return this.#recentMs;
  }

  use(ms: number): void {
    this.#leftMs -= ms;
    this.#recentMs += ms;
  }

  /** Milliseconds until it is out of debt. */
  wait(now: number): number {
    this.#count(now);
    return Math.max(0, -this.#leftMs / this.#part);
  }

  #count(now: number): void {
    const passedMs = now - this.#countedAt;
    this.#leftMs = Math.min(this.#burstMs, this.#leftMs + passedMs * this.#part);
    this.#recentMs *= 0.5 ** (passedMs / HALF_LIFE_MS);
    this.#countedAt = now;
  }
}
