import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Store } from './store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const INTERVAL_MS = 60 * 60 * 1000; // 1 hour

/**
 * Whoever earned nothing loses nothing but a cookie's meaning. Longer than any sandbox lives; short, because whoever
 * asks without a cookie becomes a learner, and programs do so all day.
 */
const EARNED_NOTHING_MS = 2 * DAY_MS;

/** Rows at once, so that nobody's echo waits for it. */
const BATCH = 500;

export interface PrunerOptions {
  readonly store: Store;
  readonly config: Pick<Config, 'keepProgressMs'>;
  readonly log: Log;
}

/** Forgets learners who have not been here for as long as progress is kept, and all that was theirs. */
export class Pruner implements Disposable {
  readonly #options: PrunerOptions;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  constructor(options: PrunerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.prune(), INTERVAL_MS).unref();
    void this.prune();
  }

  /** Resolves to the number of learners forgotten. */
  async prune(now = Date.now()): Promise<number> {
    const { store, config, log } = this.#options;
    const limits = { seenBefore: now - config.keepProgressMs, earnedNothingBefore: now - EARNED_NOTHING_MS };
    let learners = 0;
    try {
      for (let batch = BATCH; batch === BATCH && !this.#isOver; learners += batch) {
        batch = store.forgetLearners({ ...limits, limit: BATCH });
        await new Promise(setImmediate);
      }
    } catch (cause) {
      log.error({ err: cause }, 'learners who are long gone could not be forgotten');
    }
    if (learners > 0) log.info({ learners }, 'forgot learners who are long gone');
    return learners;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#timer);
  }
}
