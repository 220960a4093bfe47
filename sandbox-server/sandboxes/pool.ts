import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Lab } from '../../labs/format/lab.ts';
import type { Log } from '../log.ts';
import type { Driver } from '../machines/driver.ts';
import type { TemplateRefs, Templates } from '../machines/templates.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Demand } from './demand.ts';
import { endMachines, type ForkedMachines, forkMachines } from './fork-machines.ts';
import type { Mortal } from './reaper.ts';

export interface PoolOptions {
  readonly driver: Driver;
  readonly templates: Templates;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Most sandboxes that stand ready at once; 0 for none. */
  readonly max: number;
  /** How many there is room for now: those of learners come first. */
  readonly places: () => number;
  /** Whether the host has other things to do. */
  readonly isBusy: () => boolean;
}

interface Spare {
  readonly lab: string;
  readonly refs: TemplateRefs;
  readonly forked: ForkedMachines;
}

/** After a fork ahead that failed; a learner's own will tell what is wrong. */
const REST_AFTER_FAILURE_MS = 60_000;
/** What it runs on may be gone; a learner who waits gets another one. */
const WAKE_PATIENCE_MS = 10_000;

/**
 * Machines forked ahead of demand and paused: as many of each lab as were started in the last minutes. They belong to
 * nobody, are in no store, and end with the server, however it ends. Whoever needs their room gets it.
 */
export class Pool implements AsyncDisposable, Mortal {
  readonly #options: PoolOptions;
  readonly #demand: Demand;
  readonly #labs = new Map<string, Lab>();
  readonly #over = new AbortController();
  #spares: readonly Spare[] = [];
  #learnersStarts = 0;
  #fork: Promise<void> | undefined;
  readonly #ends = new Set<Promise<void>>();
  #restsUntil = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#demand = new Demand(options.max);
  }

  /** How many stand ready. */
  get size(): number {
    return this.#spares.length;
  }

  /**
   * A learner's sandbox starts, at the beginning of a lab or (without one) at a step, for which nothing stands ready. It
   * has the host to itself until what this returns is disposed.
   */
  noteStart(lab: Lab | undefined, now = Date.now()): Disposable {
    if (lab !== undefined) {
      this.#labs.set(lab.id, lab);
      this.#demand.note(lab.id, now);
    }
    this.#learnersStarts += 1;
    return {
      [Symbol.dispose]: () => {
        this.#learnersStarts -= 1;
      },
    };
  }

  /** Machines that run, with the right time and randomness of their own; `undefined` when none of these stand ready. */
  async take(lab: Lab, refs: TemplateRefs, signal: AbortSignal): Promise<ForkedMachines | undefined> {
    const spare = this.#spares.find((each) => each.lab === lab.id && isDeepStrictEqual(each.refs, refs));
    // A learner who starts without one takes room that is theirs.
    if (spare === undefined) return void this.#makeRoom();
    this.#remove(spare);
    try {
      const resumed = Promise.all([...spare.forked.machines.values()].map((machine) => machine.resume()));
      const late = delay(WAKE_PATIENCE_MS, undefined, { ref: false }).then(() => {
        throw new Error(`It did not go on within ${WAKE_PATIENCE_MS / 1000} s.`);
      });
      await Promise.race([resumed, late]);
      signal.throwIfAborted();
      this.#options.metrics.count('drydock_pool_total', { outcome: 'used' });
      return spare.forked;
    } catch (cause) {
      this.#end(spare);
      signal.throwIfAborted();
      this.#options.log.warn({ err: cause, sandbox: spare.forked.id }, 'a sandbox of the pool was of no use');
      return undefined;
    }
  }

  /** To be called often. */
  expire(now: number): void {
    const wanted = this.#demand.wanted(now);
    for (const [lab] of this.#labs) {
      const surplus = this.#of(lab).slice(wanted.get(lab) ?? 0);
      for (const spare of surplus) this.#giveUp(spare);
    }
    this.#makeRoom();
    const lacking = [...wanted].find(([lab, count]) => this.#of(lab).length < count)?.[0];
    const lab = lacking === undefined ? undefined : this.#labs.get(lacking);
    if (lab !== undefined && this.#mayFork(now)) this.#forkAhead(lab);
  }

  /** Nothing of it is left when this resolves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    for (const spare of this.#spares) this.#end(spare);
    this.#spares = [];
    await this.#fork;
    await Promise.all(this.#ends);
  }

  #of(lab: string): Spare[] {
    return this.#spares.filter((spare) => spare.lab === lab);
  }

  #mayFork(now: number): boolean {
    const isFree = this.#fork === undefined && this.#learnersStarts === 0 && !this.#over.signal.aborted;
    return isFree && now >= this.#restsUntil && this.#hasRoom() && !this.#options.isBusy();
  }

  #hasRoom(): boolean {
    const { max, places } = this.#options;
    return this.size < Math.min(max, places());
  }

  #forkAhead(lab: Lab): void {
    this.#fork = this.#add(lab)
      .catch((cause) => {
        if (this.#over.signal.aborted) return;
        this.#restsUntil = Date.now() + REST_AFTER_FAILURE_MS;
        this.#options.metrics.count('drydock_pool_total', { outcome: 'failed' });
        this.#options.log.warn({ err: cause, lab: lab.id }, 'a sandbox could not be forked ahead');
      })
      .finally(() => {
        this.#fork = undefined;
      });
  }

  async #add(lab: Lab): Promise<void> {
    const { driver, templates, metrics } = this.#options;
    const refs = await templates.forLab(lab);
    const forked = await forkMachines(refs, { lab, driver, metrics, signal: this.#over.signal });
    const spare = { lab: lab.id, refs, forked };
    const machines = [...forked.machines.values()];
    await Promise.all(machines.map((machine) => machine.pause()));
    if (this.#over.signal.aborted) return endMachines(forked);
    // Learners may have come for its room meanwhile.
    if (!this.#hasRoom()) return this.#giveUp(spare);
    this.#spares = [...this.#spares, spare];
    void Promise.race(machines.map(({ ended }) => ended)).then(() => {
      if (this.#remove(spare)) this.#end(spare);
    });
  }

  #makeRoom(): void {
    const places = Math.max(0, this.#options.places());
    for (const spare of this.#spares.slice(places)) this.#giveUp(spare);
  }

  #giveUp(spare: Spare): void {
    this.#remove(spare);
    this.#options.metrics.count('drydock_pool_total', { outcome: 'given-up' });
    this.#end(spare);
  }

  /** True when it was there. */
  #remove(spare: Spare): boolean {
    const before = this.size;
    this.#spares = this.#spares.filter((each) => each !== spare);
    return this.size < before;
  }

  #end({ forked }: Spare): void {
    const end = endMachines(forked).catch((cause) => {
      this.#options.log.error({ err: cause }, 'a sandbox did not end cleanly');
    });
    this.#ends.add(end);
    void end.then(() => this.#ends.delete(end));
  }
}
