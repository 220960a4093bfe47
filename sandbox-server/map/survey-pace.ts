/** A survey follows this long after the terminals fell quiet, before the checks do … */
const QUIET_MS = 250;
/** … or this long after the first thing that happened while they do not … */
const BUSY_INTERVAL_MS = 1_500;
/** … and leaves the machines alone for twice its own length, which on a host that is very busy is long enough. */
const REST_FACTOR = 2;
const LONGEST_REST_MS = 10_000;

/**
 * A command has its prompt back before all that it set going is done: a daemon restarts, a container comes back. One
 * more look follows, and others as long as something is not settled.
 */
const FOLLOW_UPS_MS = [1_200, 3_000, 6_000, 12_000, 20_000];

/** When the machines of a sandbox are surveyed. */
export class SurveyPace {
  #firstActivityAt: number | null = null;
  #notBefore = 0;
  /** The next follow-up, and which one that is. */
  #follow: { readonly at: number; readonly index: number } | null = null;

  noteActivity(now: number): void {
    this.#firstActivityAt ??= now;
  }

  roundBegins(): void {
    this.#firstActivityAt = null;
  }

  roundEnds({ startedAt, now, isSettled }: { startedAt: number; now: number; isSettled: boolean }): void {
    this.#notBefore = now + Math.min(REST_FACTOR * (now - startedAt), LONGEST_REST_MS);
    const index = this.#follow === null ? 0 : this.#follow.index + 1;
    const gap = FOLLOW_UPS_MS[index];
    // The first is always made: what was seen so far is how it was before.
    const isOver = gap === undefined || (isSettled && index > 0);
    this.#follow = isOver ? null : { at: now + gap, index };
  }

  /** Something happened: what was to be looked at again is looked at from the beginning. */
  startOver(): void {
    this.#follow = null;
  }

  /** Null when nothing is to be asked before something happens. */
  dueAt(now: number): number | null {
    const follow = this.#follow?.at ?? null;
    if (this.#firstActivityAt === null) return follow === null ? null : Math.max(follow, this.#notBefore);
    const whenBusy = Math.max(this.#firstActivityAt + BUSY_INTERVAL_MS, now);
    return Math.max(Math.min(now + QUIET_MS, whenBusy), this.#notBefore);
  }
}
