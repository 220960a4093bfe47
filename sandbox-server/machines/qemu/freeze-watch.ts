/** How often a machine is looked at. */
export const LOOK_INTERVAL_MS = 1_000;
/** Seen stopped this often in a row, it is frozen: within two intervals. No load stops a process, only a signal does. */
export const LOOKS_STOPPED = 2;
/** Every so many looks it is asked something … */
export const LOOKS_PER_QUESTION = 5;
/** … and without an answer for so many it is given up: a host that starts thirty machines at once keeps QEMU from
 * answering for seconds. Looks are counted, not time: a server that did not get to look has not waited. */
export const LOOKS_UNANSWERED = 30;

export interface FreezeWatchOptions {
  /** Whether the process is stopped, as by SIGSTOP. */
  isStopped(): Promise<boolean>;
  /** Resolves when the process answers. */
  ask(): Promise<unknown>;
  onFrozen(detail: string): void;
  readonly intervalMs?: number;
}

/** Notices a machine that has stopped without ending. Disposing ends the watch. */
export class FreezeWatch implements Disposable {
  readonly #options: FreezeWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;
  #looks = 0;
  #stopped = 0;
  #unanswered: number | undefined;

  constructor(options: FreezeWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), options.intervalMs ?? LOOK_INTERVAL_MS).unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#looks += 1;
    if (this.#unanswered !== undefined) this.#unanswered += 1;
    else if (this.#looks % LOOKS_PER_QUESTION === 0) this.#ask();
    this.#stopped = (await this.#options.isStopped()) ? this.#stopped + 1 : 0;
    this.#isLooking = false;
    if (this.#stopped >= LOOKS_STOPPED) this.#frozen('its process is stopped');
    else if ((this.#unanswered ?? 0) >= LOOKS_UNANSWERED) this.#frozen('it does not answer');
  }

  #ask(): void {
    this.#unanswered = 0;
    // A process that ended is told of by others.
    const answered = () => {
      this.#unanswered = undefined;
    };
    this.#options.ask().then(answered, answered);
  }

  #frozen(detail: string): void {
    this[Symbol.dispose]();
    this.#options.onFrozen(detail);
  }
}
