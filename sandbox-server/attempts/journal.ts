import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Sandbox, SandboxEnd } from '../sandboxes/sandbox.ts';
import type { StartClock } from '../sandboxes/start-clock.ts';
import type { Waiting } from './admission.ts';

export interface JournalOptions {
  /** Carries attempt and lab. */
  readonly log: Log;
  readonly metrics: Metrics;
  readonly lab: string;
}

/** What happened to one attempt, told once: a line in the log for whoever looks for it, figures for whoever counts. */
export class Journal {
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #lab: string;

  constructor({ log, metrics, lab }: JournalOptions) {
    this.#log = log;
    this.#metrics = metrics;
    this.#lab = lab;
  }

  queued({ place, lack }: Waiting, waiting: number): void {
    this.#log.info({ place, waiting, lack }, 'queued');
  }

  leftQueue(): void {
    this.#metrics.count('drydock_queue_left_total', {});
    this.#log.info('left the queue');
  }

  admitted(clock: StartClock): void {
    clock.mark('queue');
    this.#metrics.observe('drydock_queue_wait_seconds', {}, clock.since());
  }

  started(sandbox: Sandbox, clock: StartClock): void {
    const parts = clock.parts();
    this.#countStart('started');
    this.#metrics.observe('drydock_start_seconds', { lab: this.#lab, from: clock.from }, clock.since('queue'));
    for (const [part, seconds] of parts) {
      if (part !== 'queue') this.#metrics.observe('drydock_start_part_seconds', { part }, seconds);
    }
    const seconds: Record<string, number> = { total: toTheMs(clock.since()) };
    for (const [part, took] of parts) seconds[part] = toTheMs(took);
    this.#log.info({ ...named(sandbox), machines: sandbox.machineIds, from: clock.from, seconds }, 'sandbox started');
  }

  startFailed(cause: unknown, clock: StartClock): void {
    this.#countStart('failed');
    this.#log.error({ err: cause, seconds: toTheMs(clock.since()) }, 'a sandbox could not be started');
  }

  checkpointFailed(step: string, cause: unknown): void {
    this.#log.error({ err: cause, step }, 'a machine at a later step could not be prepared');
  }

  /** Of a sandbox that an earlier server left. */
  adopted(sandbox: Sandbox): void {
    this.#metrics.count('drydock_adoptions_total', { lab: this.#lab, outcome: 'adopted' });
    this.#log.info({ ...named(sandbox), machines: sandbox.machineIds }, 'sandbox adopted');
  }

  /** `machines`: how many were still there, and have been ended. */
  adoptionFailed(cause: unknown, machines: number): void {
    this.#metrics.count('drydock_adoptions_total', { lab: this.#lab, outcome: 'failed' });
    this.#log.error({ err: cause, machines }, 'a sandbox of an earlier server could not be adopted');
  }

  released(sandbox: Sandbox): void {
    this.#log.info(named(sandbox), 'sandbox left to a later server');
  }

  /** It was ended before it was there. */
  startGivenUp(): void {
    this.#countStart('given-up');
  }

  /** `sandbox` is missing when it ended before it was there. */
  ended(reason: string, sandbox: Sandbox | undefined): void {
    this.#metrics.count('drydock_sandbox_ends_total', { lab: this.#lab, reason });
    this.#log.info({ ...(sandbox && named(sandbox)), reason }, 'sandbox ended');
  }

  reset(old: Sandbox): void {
    this.#metrics.count('drydock_resets_total', { lab: this.#lab });
    this.ended('reset', old);
  }

  machineEnded(sandbox: Sandbox, end: SandboxEnd): void {
    this.#metrics.count('drydock_machine_ends_total', { lab: this.#lab, cause: end.cause });
    this.#log.warn({ ...named(sandbox), ...end }, 'a machine ended by itself');
  }

  earned(step: string, sandbox: Sandbox | undefined): void {
    this.#metrics.count('drydock_steps_earned_total', { lab: this.#lab, step });
    this.#log.info({ ...(sandbox && named(sandbox)), step }, 'step earned');
  }

  notKept(cause: unknown): void {
    this.#metrics.count('drydock_store_write_failures_total', {});
    this.#log.error({ err: cause }, 'the store could not be written: is its disk full?');
  }

  #countStart(outcome: 'started' | 'failed' | 'given-up'): void {
    this.#metrics.count('drydock_starts_total', { lab: this.#lab, outcome });
  }
}

/** To the millisecond: who reads it is a person. */
const toTheMs = (seconds: number): number => Math.round(seconds * 1000) / 1000;

const named = ({ id, epoch }: Sandbox) => ({ sandbox: id, epoch });
