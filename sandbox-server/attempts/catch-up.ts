import type { Lab } from '../../labs/format/lab.ts';
import type { AttemptState } from '../../protocol/state.ts';
import type { Templates } from '../machines/templates.ts';
import type { Bakes } from './bakes.ts';

export interface CatchUpOptions {
  /** As it is now. */
  lab(): Lab;
  readonly templates: Pick<Templates, 'usualWaitMs'>;
  readonly bakes: Pick<Bakes, 'ensure'>;
  /** What `state` says has changed. */
  onChange(): void;
}

/** Has what a start at a later step needs made, while the machine there is goes on. The last wish counts. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  #wish: { readonly step: string; usualMs: number } | null = null;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  get isUnderWay(): boolean {
    return this.#wish !== null;
  }

  /** What pages are told: null, too, while it is not yet known that anybody has to wait. */
  get state(): AttemptState['preparing'] {
    return this.#wish !== null && this.#wish.usualMs > 0 ? { ...this.#wish } : null;
  }

  /** False when something else was wished for meanwhile. Rejects when it cannot be had. */
  async prepare(step: string): Promise<boolean> {
    const { templates, bakes, onChange } = this.#options;
    const lab = this.#options.lab();
    const wish = { step, usualMs: 0 };
    this.#wish = wish;
    try {
      wish.usualMs = await templates.usualWaitMs(lab, step);
      if (wish.usualMs > 0 && this.#wish === wish) onChange();
      await bakes.ensure(lab, step);
      return this.#wish === wish;
    } catch (cause) {
      if (this.#wish === wish) throw cause;
      return false;
    } finally {
      if (this.#wish === wish) this.forget();
    }
  }

  /** What is being made is made all the same: the next one who asks has it. */
  forget(): void {
    const wasShown = this.state !== null;
    this.#wish = null;
    if (wasShown) this.#options.onChange();
  }
}
