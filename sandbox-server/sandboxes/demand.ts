/** Who came in the last minutes tells who comes in the next: a class opens a lab within a few. */
export const DEMAND_MS = 5 * 60_000;

/** Which labs were started lately. */
export class Demand {
  readonly #most: number;
  #starts: { readonly lab: string; readonly at: number }[] = [];

  /** At most so many starts are remembered, the last ones. */
  constructor(most: number) {
    this.#most = most;
  }

  note(lab: string, at: number): void {
    if (this.#most > 0) this.#starts = [...this.#starts, { lab, at }].slice(-this.#most);
  }

  /** How many of each lab the next learners may want: as many as the last ones did. */
  wanted(now: number): ReadonlyMap<string, number> {
    this.#starts = this.#starts.filter(({ at }) => now - at < DEMAND_MS);
    const counts = new Map<string, number>();
    for (const { lab } of this.#starts) counts.set(lab, (counts.get(lab) ?? 0) + 1);
    return counts;
  }
}
