import type { ForkPart } from '../machines/driver.ts';

export type StartPart = 'queue' | 'templates' | ForkPart;

/**
 * Where the time of a start goes. Machines of one lab start side by side: a part lasts until the last of them has it
 * behind it, so the parts add up to what the learner waited.
 */
export class StartClock {
  /** Where the machines come from. */
  from: 'pool' | 'fork' = 'fork';
  readonly #startedAt: number;
  /** In the order in which they were first over. */
  readonly #overAt = new Map<StartPart, number>();

  constructor(now = performance.now()) {
    this.#startedAt = now;
  }

  /** A part is over. */
  mark(part: StartPart, now = performance.now()): void {
    this.#overAt.set(part, now);
  }

  /** Seconds by part. */
  parts(): ReadonlyMap<StartPart, number> {
    let before = this.#startedAt;
    const parts = new Map<StartPart, number>();
    for (const [part, at] of this.#overAt) {
      parts.set(part, Math.max(0, at - before) / 1000);
      before = Math.max(before, at);
    }
    return parts;
  }

  /** Seconds since a part was over, or since the beginning. */
  since(part?: StartPart, now = performance.now()): number {
    return (now - ((part && this.#overAt.get(part)) ?? this.#startedAt)) / 1000;
  }
}
