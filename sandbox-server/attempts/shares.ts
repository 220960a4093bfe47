import type { Config } from '../config.ts';
import { type LearnerErrorCode, Refusal } from '../errors.ts';

export interface Owner {
  readonly learner: string;
  /** Of the browser that asked; `undefined` when nobody asked, as for a sandbox taken over from an earlier server. */
  readonly address: string | undefined;
}

export type ShareLimits = Pick<Config, 'sandboxesPerLearner' | 'sandboxesPerAddress'>;

/**
 * How many sandboxes one learner and one address may have at once, places in the queue included: whoever throws
 * cookies away, or opens every lab there is, must not take everybody's places.
 */
export class Shares {
  readonly #limits: ShareLimits;
  readonly #taken = new Map<string, number>();

  constructor(limits: ShareLimits) {
    this.#limits = limits;
  }

  /** Why there is no further share; `undefined` when there is. */
  refusal(owner: Owner): LearnerErrorCode | undefined {
    return this.#claims(owner).find(({ key, limit }) => this.#count(key) >= limit)?.code;
  }

  /** Disposing gives it back. Throws a Refusal when the owner has all there are. */
  take(owner: Owner): Disposable {
    const code = this.refusal(owner);
    if (code !== undefined) throw new Refusal(code);
    return this.claim(owner);
  }

  /** For what lives already, whether or not there is one. */
  claim(owner: Owner): Disposable {
    const keys = this.#claims(owner).map(({ key }) => key);
    for (const key of keys) this.#taken.set(key, this.#count(key) + 1);
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) for (const key of keys) this.#giveBack(key);
        isHeld = false;
      },
    };
  }

  /** How many learners and addresses hold something. */
  get size(): number {
    return this.#taken.size;
  }

  #count(key: string): number {
    return this.#taken.get(key) ?? 0;
  }

  #claims({ learner, address }: Owner) {
    const { sandboxesPerLearner, sandboxesPerAddress } = this.#limits;
    const own = { key: `learner ${learner}`, limit: sandboxesPerLearner, code: 'too-many-sandboxes' } as const;
    if (address === undefined) return [own];
    return [own, { key: `address ${address}`, limit: sandboxesPerAddress, code: 'too-many-from-address' } as const];
  }

  #giveBack(key: string): void {
    const left = this.#count(key) - 1;
    if (left > 0) this.#taken.set(key, left);
    else this.#taken.delete(key);
  }
}
