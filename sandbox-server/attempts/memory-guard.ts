import type { Log } from '../log.ts';
import type { Mortal } from '../sandboxes/reaper.ts';
import type { HostMemory } from './host-memory.ts';

/** A sandbox, as far as memory goes. */
export interface Guarded {
  /** How many it has. */
  readonly machines: number;
  /** What its machines share with nobody. */
  memoryBytes(): Promise<number>;
  /** Pauses it if nobody looks and nothing works in it, without waiting as long as usual. */
  restSoon(now: number): void;
  endForMemory(): void;
}

export interface MemoryGuardOptions {
  /** `undefined` where nobody knows. */
  readonly memory: () => HostMemory | undefined;
  readonly sandboxes: () => readonly Guarded[];
  readonly log: Log;
}

const MIB = 1024 ** 2;
/** What is kept for the host, and for machines that grow: a tenth, and not more than this. */
const MOST_RESERVED_BYTES = 512 * MIB;
const RESERVED_SHARE = 0.1;
/** Below this share of the reserve the kernel would soon choose whom to end. */
const LAST_SHARE = 0.5;
/** Of a machine in which something was done; those that live say more as soon as there are any. */
const USUAL_BYTES = 96 * MIB;
/** So long a machine that was admitted has not yet taken what it will. */
const GROWING_MS = 10_000;
/** Until what was ended is free, and the kernel says so. */
const RELIEF_MS = 5_000;

/**
 * Memory is promised more often than it is there. A sandbox is admitted when what its machines usually take is free
 * besides a reserve. When the reserve is touched, nothing is admitted or forked ahead, and what nobody looks at rests at once; when
 * half of it is gone, the largest sandbox is ended, one at a time.
 */
export class MemoryGuard implements Mortal {
  readonly #options: MemoryGuardOptions;
  #usualBytes = USUAL_BYTES;
  #growing: readonly { readonly machines: number; readonly since: number }[] = [];
  #relievedUntil = 0;
  #isMeasuring = false;

  constructor(options: MemoryGuardOptions) {
    this.#options = options;
  }

  /** Less is left than the reserve. */
  get isShort(): boolean {
    return this.#spareBytes() < 0;
  }

  /** Whether so many machines more fit; if so they count from now on, though they have taken nothing yet. */
  admits(machines: number, now = Date.now()): boolean {
    this.#growing = this.#growing.filter(({ since }) => now - since < GROWING_MS);
    const growing = this.#growing.reduce((sum, one) => sum + one.machines, 0);
    if (this.#spareBytes() < this.#usualBytes * (growing + machines)) return false;
    this.#growing = [...this.#growing, { machines, since: now }];
    return true;
  }

  /** To be called often. */
  expire(now: number): void {
    void this.#measure(now);
    if (this.isShort) for (const sandbox of this.#options.sandboxes()) sandbox.restSoon(now);
  }

  async #measure(now: number): Promise<void> {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    try {
      const sizes = await Promise.all(
        this.#options.sandboxes().map(async (sandbox) => ({ sandbox, bytes: await sandbox.memoryBytes() })),
      );
      const machines = sizes.reduce((sum, { sandbox }) => sum + sandbox.machines, 0);
      const mean = sizes.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, machines);
      this.#usualBytes = Math.max(USUAL_BYTES, mean);
      const [largest] = sizes.sort((one, other) => other.bytes - one.bytes);
      if (largest !== undefined && now >= this.#relievedUntil && this.#isLast()) this.#end(largest, now);
    } finally {
      this.#isMeasuring = false;
    }
  }

  #end({ sandbox, bytes }: { sandbox: Guarded; bytes: number }, now: number): void {
    this.#relievedUntil = now + RELIEF_MS;
    const { availableBytes } = this.#options.memory() ?? {};
    this.#options.log.warn({ availableBytes, bytes }, 'memory is short: the largest sandbox is ended');
    sandbox.endForMemory();
  }

  #isLast(): boolean {
    const memory = this.#options.memory();
    return memory !== undefined && memory.availableBytes < reserveOf(memory) * LAST_SHARE;
  }

  #spareBytes(): number {
    const memory = this.#options.memory();
    return memory === undefined ? Number.POSITIVE_INFINITY : memory.availableBytes - reserveOf(memory);
  }
}

function reserveOf({ totalBytes }: HostMemory): number {
  return Math.min(MOST_RESERVED_BYTES, totalBytes * RESERVED_SHARE);
}
