/** Something with an end: a sandbox past its deadline, an attempt whose pages are gone. */
export interface Mortal {
  /** Ends itself if its time has come. Called often; must be harmless when it has not. */
  expire(now: number): void;
}

const SWEEP_INTERVAL_MS = 1_000;

/** Ends what expired or lost its owner. One clock for all, so that a sleeping laptop cannot lose a timer. */
export class Reaper implements Disposable {
  readonly #mortals = new Set<Mortal>();
  readonly #timer: NodeJS.Timeout;

  constructor(intervalMs = SWEEP_INTERVAL_MS) {
    this.#timer = setInterval(() => this.sweep(), intervalMs).unref();
  }

  watch(mortal: Mortal): Disposable {
    this.#mortals.add(mortal);
    return { [Symbol.dispose]: () => this.#mortals.delete(mortal) };
  }

  sweep(now = Date.now()): void {
    for (const mortal of this.#mortals) mortal.expire(now);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#mortals.clear();
  }
}
