import type { Metrics } from '../metrics/metrics.ts';

/**
 * How long one page waits for an echo, by terminal: from the oldest input not answered yet to the next output. Where
 * nothing is echoed, a password, that is the whole line: seldom enough to leave the percentiles alone.
 */
export class EchoClock {
  readonly #metrics: Metrics;
  readonly #askedAt = new Map<number, number>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  input(terminal: number, bytes: number): void {
    this.#metrics.count('drydock_input_bytes_total', {}, bytes);
    if (!this.#askedAt.has(terminal)) this.#askedAt.set(terminal, performance.now());
  }

  output(terminal: number, bytes: number): void {
    this.#metrics.count('drydock_output_bytes_total', {}, bytes);
    const askedAt = this.#askedAt.get(terminal);
    if (askedAt === undefined) return;
    this.#askedAt.delete(terminal);
    this.#metrics.observe('drydock_echo_seconds', {}, (performance.now() - askedAt) / 1000);
  }
}
