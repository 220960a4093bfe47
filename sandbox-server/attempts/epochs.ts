export interface EpochsOptions {
  /** The last one given out, as far as is known. */
  readonly last: number;
  /** Written down: none behind it has ever been given out. */
  readonly reserved: number;
  /** Writes another such bound down; throws when it cannot be. */
  reserve(upTo: number): void;
}

/** Frames carry the epoch in 16 bits. */
const EPOCHS = 65_536;
/** So many resets go on while nothing can be written. What is left of them when a server ends is skipped. */
const RESERVED_AT_ONCE = 16;

/**
 * Numbers the sandboxes of one attempt. None is given out twice, whatever becomes of the disk or the server: before the
 * first of some is used, it is written down that all of them may have been.
 */
export class Epochs {
  readonly #reserve: EpochsOptions['reserve'];
  #last: number;
  #reserved: number;

  constructor({ last, reserved, reserve }: EpochsOptions) {
    this.#last = last;
    this.#reserved = reserved;
    this.#reserve = reserve;
  }

  get last(): number {
    return this.#last;
  }

  /** A sandbox of an earlier server goes on: of those reserved then, the later ones are still unused. */
  goOnFrom(epoch: number): void {
    this.#last = epoch;
  }

  /** Makes sure that there is one to take. Throws when that cannot be written down. */
  ensure(): void {
    if (this.#last !== this.#reserved) return;
    const upTo = (this.#last + RESERVED_AT_ONCE) % EPOCHS;
    this.#reserve(upTo);
    this.#reserved = upTo;
  }

  take(): number {
    this.ensure();
    this.#last = (this.#last + 1) % EPOCHS;
    return this.#last;
  }
}
