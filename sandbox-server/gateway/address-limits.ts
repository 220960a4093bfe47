import { TokenBucket } from '../token-bucket.ts';

const MINUTE_S = 60;

/** Addresses remembered at once; beyond it, the one that has been quiet the longest is forgotten. */
const MAX_ADDRESSES = 10_000;

/** So many requests per minute from each address. */
export class AddressLimits {
  readonly #perMinute: number;
  /** The most recent last. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  take(address: string): boolean {
    const bucket = this.#buckets.get(address) ?? this.#makeBucket();
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    return bucket.take();
  }

  get size(): number {
    return this.#buckets.size;
  }

  #makeBucket(): TokenBucket {
    const [quietest] = this.#buckets.keys();
    if (this.#buckets.size >= MAX_ADDRESSES && quietest !== undefined) this.#buckets.delete(quietest);
    return new TokenBucket({ perSecond: this.#perMinute / MINUTE_S, burst: this.#perMinute });
  }
}
