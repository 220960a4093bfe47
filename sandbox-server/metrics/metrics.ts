import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  type CounterName,
  FIGURES,
  type Figure,
  type FigureName,
  type GaugeName,
  type HistogramName,
  type Labels,
} from './catalogue.ts';

export type Sample<N extends FigureName> = readonly [labels: Labels<N>, value: number];

/**
 * The figures of one server. Handed down like the log; whoever has something to tell counts, nobody below knows who
 * reads. A figure that is not in the catalogue, or lacks a label, does not compile.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<FigureName, Counter>();
  readonly #gauges = new Map<FigureName, Gauge>();
  readonly #histograms = new Map<FigureName, Histogram>();
  /** Asked anew at each look, so that a value which exists elsewhere cannot drift from it. */
  readonly #readers = new Map<FigureName, () => Iterable<readonly [Readonly<Record<string, string>>, number]>>();

  constructor() {
    for (const [name, figure] of Object.entries(FIGURES) as [FigureName, Figure][]) this.#make(name, figure);
  }

  count<N extends CounterName>(name: N, labels: Labels<N>, by = 1): void {
    this.#counters.get(name)?.inc(labels, by);
  }

  observe<N extends HistogramName>(name: N, labels: Labels<N>, value: number): void {
    this.#histograms.get(name)?.observe(labels, value);
  }

  /** Moves a gauge by so much: for what is under way and known nowhere else. */
  add<N extends GaugeName>(name: N, labels: Labels<N>, delta: number): void {
    this.#gauges.get(name)?.inc(labels, delta);
  }

  /** The gauge or counter is what `read` says whenever somebody looks. */
  read<N extends GaugeName | CounterName>(name: N, read: () => Iterable<Sample<N>>): void {
    this.#readers.set(name, read);
  }

  /** In Prometheus' text format. */
  async text(): Promise<string> {
    for (const [name, read] of this.#readers) this.#replace(name, read());
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #replace(name: FigureName, samples: Iterable<readonly [Readonly<Record<string, string>>, number]>): void {
    const target = this.#gauges.get(name) ?? this.#counters.get(name);
    target?.reset();
    for (const [labels, value] of samples) target?.inc(labels, value);
  }

  #make(name: FigureName, { type, help, labels, buckets }: Figure): void {
    const options = { name, help, labelNames: [...labels], registers: [this.#registry] };
    if (type === 'counter') this.#counters.set(name, new Counter(options));
    else if (type === 'gauge') this.#gauges.set(name, new Gauge(options));
    else this.#histograms.set(name, new Histogram({ ...options, ...(buckets && { buckets: [...buckets] }) }));
  }
}
