import type { Lab } from '../../labs/format/lab.ts';
import { Refusal } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Templates } from '../machines/templates.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Turns } from '../turns.ts';
import type { Admission } from './admission.ts';

export interface BakesOptions {
  readonly templates: Templates;
  readonly admission: Pick<Admission, 'takeAside'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Has checkpoints made that somebody wants: one at a time, each with as many machines as its lab has, and only where
 * these take nothing that a learner waits for.
 */
export class Bakes {
  readonly #options: BakesOptions;
  readonly #turns = new Turns(1);

  constructor(options: BakesOptions) {
    this.#options = options;
  }

  /** Resolves when the checkpoint is there. Throws a Refusal when there is no room to make it. */
  async ensure(lab: Lab, step: string): Promise<void> {
    if (await this.#isThere(lab, step)) return this.#have(lab, step);
    using _turn = await this.#turns.take();
    // Somebody before may have wanted the same.
    if (await this.#isThere(lab, step)) return this.#have(lab, step);
    using _room = this.#takeRoom(lab, step);
    const startedAt = performance.now();
    try {
      await this.#have(lab, step);
      this.#options.metrics.observe(
        'drydock_checkpoint_seconds',
        { lab: lab.id },
        (performance.now() - startedAt) / 1000,
      );
      this.#count(lab, 'made');
    } catch (cause) {
      this.#count(lab, 'failed');
      throw cause;
    }
  }

  async #isThere(lab: Lab, step: string): Promise<boolean> {
    return (await this.#options.templates.usualWaitMs(lab, step)) === 0;
  }

  async #have(lab: Lab, step: string): Promise<void> {
    await this.#options.templates.forLab(lab, step);
  }

  #takeRoom(lab: Lab, step: string): Disposable {
    const room = this.#options.admission.takeAside(lab.machines.length);
    if (typeof room !== 'string') return room;
    this.#count(lab, 'refused');
    this.#options.log.info({ lab: lab.id, step, lack: room }, 'no room to prepare a machine at a later step');
    throw new Refusal('checkpoint-no-room');
  }

  #count(lab: Lab, outcome: 'made' | 'failed' | 'refused'): void {
    this.#options.metrics.count('drydock_checkpoints_total', { lab: lab.id, outcome });
  }
}
