import type { Config } from '../config.ts';

export type LifetimeLimits = Pick<Config, 'sandboxLifetimeMs' | 'extensionMs' | 'sandboxMaxLifetimeMs'>;

/** Until when a sandbox lives, and how much further that may be put off. */
export class Lifetime {
  readonly #limits: LifetimeLimits;
  readonly #latest: number;
  #deadline: number;

  /** From now on, or as an earlier server had it. */
  constructor(limits: LifetimeLimits, { deadline, latest } = lifeFrom(Date.now(), limits)) {
    this.#limits = limits;
    this.#deadline = deadline;
    this.#latest = latest;
  }

  get deadline(): number {
    return this.#deadline;
  }

  get latest(): number {
    return this.#latest;
  }

  /** What one more extension would add; 0 at the maximum. */
  get extensionMs(): number {
    return Math.min(this.#limits.extensionMs, this.#latest - this.#deadline);
  }

  remainingMs(now = Date.now()): number {
    return Math.max(0, this.#deadline - now);
  }

  /** False when the maximum was already reached. */
  extend(): boolean {
    const extensionMs = this.extensionMs;
    this.#deadline += extensionMs;
    return extensionMs > 0;
  }
}

export function lifeFrom(bornAt: number, limits: LifetimeLimits): { deadline: number; latest: number } {
  return { deadline: bornAt + limits.sandboxLifetimeMs, latest: bornAt + limits.sandboxMaxLifetimeMs };
}
