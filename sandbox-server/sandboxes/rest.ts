import type { Machine } from '../machines/driver.ts';

/** A guest that takes less of a processor has nothing to do: an idle one takes a hundredth under emulation. */
export const IDLE_SHARE = 0.05;
/** Long enough for the hundredths of a second in which processor time is counted to tell idle from busy. */
export const LOOK_MS = 5_000;

/**
 * Pauses the machines of one sandbox once nobody looks and none of their guests has had anything to do for a while: a
 * build goes on, a prompt does not. They are paused together, since each may wait for another. Somebody who looks, and
 * whatever is asked of a machine, resumes it.
 */
export class Rest {
  readonly #machines: readonly Machine[];
  #isWatched = false;
  #isLooking = false;
  #wasPaused = false;
  #idleSince: number;
  #last: { readonly at: number; readonly processorMs: readonly number[] } | undefined;

  constructor(machines: readonly Machine[], now = Date.now()) {
    this.#machines = machines;
    this.#idleSince = now;
  }

  get isPaused(): boolean {
    return this.#machines.some(({ isPaused }) => isPaused);
  }

  /** Resolves when the machines run, if somebody looks. */
  async setWatched(isWatched: boolean, now = Date.now()): Promise<void> {
    this.#isWatched = isWatched;
    this.#idleSince = now;
    if (isWatched) await this.#resume();
  }

  /** To be called often. Pauses when it is time: after so long without a viewer and without work. */
  async look(now: number, afterMs: number): Promise<void> {
    if (this.#isWatched || this.#isLooking || this.#isAsleep(now)) return;
    if (this.#last !== undefined && now - this.#last.at < Math.min(LOOK_MS, afterMs)) return;
    this.#isLooking = true;
    try {
      if (!(await this.#isIdle(now))) this.#idleSince = now;
      else if (now - this.#idleSince >= afterMs) await this.#pause();
    } finally {
      this.#isLooking = false;
    }
  }

  /** A machine that was resumed by what was asked of it gets its whole time again. */
  #isAsleep(now: number): boolean {
    const isPaused = this.#machines.every((machine) => machine.isPaused);
    if (this.#wasPaused && !isPaused) this.#idleSince = now;
    this.#wasPaused = isPaused;
    return isPaused;
  }

  /** False until there are two looks to compare, and where a driver cannot say. */
  async #isIdle(now: number): Promise<boolean> {
    const usages = await Promise.all(this.#machines.map((machine) => machine.usage()));
    const processorMs = usages.map((usage) => usage?.processorMs ?? Number.NaN);
    const last = this.#last;
    this.#last = { at: now, processorMs };
    if (last === undefined) return false;
    const most = IDLE_SHARE * (now - last.at);
    return processorMs.every((ms, index) => ms - (last.processorMs[index] ?? 0) < most);
  }

  async #pause(): Promise<void> {
    await Promise.all(this.#machines.map((machine) => machine.pause()));
    // One that was busy keeps the others awake, and so does somebody who came meanwhile.
    const isWhole = this.#machines.every(({ isPaused }) => isPaused);
    if (this.#isWatched || !isWhole) await this.#resume();
    this.#last = undefined;
  }

  async #resume(): Promise<void> {
    await Promise.all(this.#machines.map((machine) => machine.resume()));
  }
}
