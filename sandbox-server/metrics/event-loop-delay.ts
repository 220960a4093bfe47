import { monitorEventLoopDelay } from 'node:perf_hooks';

const WINDOW_MS = 10_000;
const RESOLUTION_MS = 10;
const NS_PER_S = 1e9;

export interface Delay {
  readonly medianS: number;
  readonly p99S: number;
  readonly maxS: number;
}

/** How late the event loop was, over the last full window: everybody who looks in between sees the same. */
export class EventLoopDelay implements Disposable {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #last: Delay = { medianS: 0, p99S: 0, maxS: 0 };

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => this.turn(), WINDOW_MS).unref();
  }

  get last(): Delay {
    return this.#last;
  }

  /** Ends the window that runs. */
  turn(): void {
    const histogram = this.#histogram;
    // Each sample includes the wait of RESOLUTION_MS that was asked for.
    const late = (ns: number) => (histogram.count === 0 ? 0 : Math.max(0, (ns - RESOLUTION_MS * 1e6) / NS_PER_S));
    this.#last = {
      medianS: late(histogram.percentile(50)),
      p99S: late(histogram.percentile(99)),
      maxS: late(histogram.max),
    };
    histogram.reset();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }
}
