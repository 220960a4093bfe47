import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { TokenBucket } from '../token-bucket.ts';

/** Lines per minute: whoever is refused a thousand times a second must not fill the disk with it. */
const LINES_PER_MINUTE = 60;
const MINUTE_S = 60;

export type RefusedAt = 'http' | 'upgrade' | 'page';

/** What was refused, where and why: every one is counted, so many are logged. */
export class Refusals {
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #lines = new TokenBucket({ perSecond: LINES_PER_MINUTE / MINUTE_S, burst: LINES_PER_MINUTE });
  #unlogged = 0;

  constructor(log: Log, metrics: Metrics) {
    this.#log = log;
    this.#metrics = metrics;
  }

  note(where: RefusedAt, code: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.#metrics.count('drydock_refusals_total', { where, code });
    if (!this.#lines.take()) {
      this.#unlogged += 1;
      return;
    }
    const more = this.#unlogged > 0 ? { unloggedBefore: this.#unlogged } : {};
    this.#unlogged = 0;
    this.#log.info({ where, code, ...details, ...more }, 'refused');
  }
}
