import { TokenBucket } from '../token-bucket.ts';

const MINUTE_S = 60;

/** Addresses remembered at once; beyond it, those that have been quiet are forgotten, and then the oldest. */
const MAX_ADDRESSES = 10_000;

/** So many requests per minute from each address. */
export class AddressLimits {
  readonly #perMinute: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  take(address: string): boolean {
    const bucket = this.#buckets.get(address) ?? this.#remember(address);
    return bucket.take();
  }

  get size(): number {
    return this.#buckets.size;
  }

  #remember(address: string): TokenBucket {
    if (this.#buckets.size >= MAX_ADDRESSES) this.#forget();
    const bucket = new TokenBucket({ perSecond: this.#perMinute / MINUTE_S, burst: this.#perMinute });
    this.#buckets.set(address, bucket);
    return bucket;
  }

  #forget(): void {
    for (const [address, bucket] of this.#buckets) {
      if (bucket.isFull()) this.#buckets.delete(address);
    }
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= MAX_ADDRESSES && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
