/** Room for one sandbox. Disposing gives it to whoever is next. */
export type Slot = Disposable;

export interface Waiting extends Disposable {
  /** Resolves when it is this one's turn. Never rejects; giving up is disposing. */
  readonly admitted: Promise<Slot>;
  /** 1 is next; 0 once admitted. */
  readonly place: number;
}

interface Entry {
  readonly onMove: () => void;
  readonly share: Disposable | undefined;
  readonly admit: (slot: Slot) => void;
}

/** As many sandboxes as fit, by number and by what the host has left; everybody else waits in line, first come, first served. */
export class Admission {
  readonly #capacity: number;
  readonly #admits: () => boolean;
  #taken = 0;
  #queue: Entry[] = [];

  /** `admits` is asked before each one but the first: whether the host has what it takes, besides a place. */
  constructor(capacity: number, admits: () => boolean = () => true) {
    this.#capacity = capacity;
    this.#admits = admits;
  }

  get capacity(): number {
    return this.#capacity;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * `onMove` is called whenever the place, or the number of those waiting, has changed. The share is given back with
   * the slot, or on giving up.
   */
  enter(onMove: () => void, share?: Disposable): Waiting {
    const { promise, resolve } = Promise.withResolvers<Slot>();
    const entry = { onMove, share, admit: resolve };
    this.#queue.push(entry);
    const place = () => this.#queue.indexOf(entry) + 1;
    this.#fill();
    if (place() > 0) this.#tellAll(entry);
    return {
      admitted: promise,
      get place() {
        return place();
      },
      [Symbol.dispose]: () => this.#giveUp(entry),
    };
  }

  /** Room for what lives already, whether or not it fits. */
  claim(share?: Disposable): Slot {
    this.#taken += 1;
    return this.#makeSlot(share);
  }

  /** For the reaper: there may be memory again. */
  expire(): void {
    const before = this.#queue.length;
    this.#fill();
    if (this.#queue.length < before) this.#tellAll();
  }

  #giveUp(entry: Entry): void {
    const before = this.#queue.length;
    this.#queue = this.#queue.filter((other) => other !== entry);
    if (this.#queue.length === before) return;
    entry.share?.[Symbol.dispose]();
    this.#tellAll();
  }

  #fill(): void {
    while (this.#queue.length > 0 && this.#taken < this.#capacity) {
      // With nothing else running, waiting would not help.
      if (this.#taken > 0 && !this.#admits()) break;
      const entry = this.#queue.shift();
      if (entry === undefined) break;
      this.#taken += 1;
      entry.admit(this.#makeSlot(entry.share));
    }
  }

  #makeSlot(share: Disposable | undefined): Slot {
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return;
        isHeld = false;
        share?.[Symbol.dispose]();
        this.#taken -= 1;
        this.#fill();
        this.#tellAll();
      },
    };
  }

  #tellAll(newcomer?: Entry): void {
    for (const entry of this.#queue) if (entry !== newcomer) entry.onMove();
  }
}
