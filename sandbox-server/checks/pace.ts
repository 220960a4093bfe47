/** Checks follow this long after a terminal fell quiet … */
const QUIET_MS = 400;
/** … or this long after the last round while it does not … */
const BUSY_INTERVAL_MS = 2_000;
/** … and a round is followed by a rest of twice its own length, so that checks leave most of the machine alone. */
const REST_FACTOR = 2;

/** When the learner's own lines are asked without a button. */
export class Pace {
  /** Since the last round began. */
  #firstActivityAt: number | null = null;
  #notBefore = 0;

  /** Something happened that no round has seen. */
  get isStale(): boolean {
    return this.#firstActivityAt !== null;
  }

  noteActivity(now: number): void {
    this.#firstActivityAt ??= now;
  }

  /** What happens from now on is for the next round. */
  roundBegins(): void {
    this.#firstActivityAt = null;
  }

  rest({ startedAt, endedAt }: { startedAt: number; endedAt: number }): void {
    this.#notBefore = endedAt + REST_FACTOR * (endedAt - startedAt);
  }

  /** If nothing else happens until then; null while nothing has happened. */
  dueAt(now: number): number | null {
    if (this.#firstActivityAt === null) return null;
    const whenBusy = Math.max(this.#firstActivityAt + BUSY_INTERVAL_MS, now);
    return Math.max(Math.min(now + QUIET_MS, whenBusy), this.#notBefore);
  }
}
