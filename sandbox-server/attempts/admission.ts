/** Room for one sandbox. Disposing gives it to whoever is next. */
export type Slot = Disposable;

/** What a newcomer waits for, once nobody is before them. */
export type Lack = 'places' | 'memory' | 'disk';

export interface Waiting extends Disposable {
  /** Resolves when it is this one's turn. Never rejects; giving up is disposing. */
  readonly admitted: Promise<Slot>;
  /** 1 is next; 0 once admitted. */
  readonly place: number;
  /** Why the first in line is not let in. */
  readonly lack: Lack;
}

/** Whether the host has room for so many more machines. */
export interface HostRoom {
  /** If so, they count from now on. */
  memory(machines: number): boolean;
  disk(machines: number): boolean;
}

export interface Newcomer {
  readonly machines: number;
  /** Given back with the slot, or on giving up. */
  readonly share?: Disposable;
  /** The place, the number of those waiting, or what is lacking has changed. */
  onMove(): void;
}

interface Entry extends Newcomer {
  readonly admit: (slot: Slot) => void;
}

const BOUNDLESS: HostRoom = { memory: () => true, disk: () => true };

/** As many sandboxes as `capacity` says now, and what the host has left for them; everybody else waits in line, first come, first served. */
export class Admission {
  readonly #capacity: () => number;
  readonly #host: HostRoom;
  #taken = 0;
  /** Machines of nobody's sandbox. */
  #aside = 0;
  #lack: Lack = 'places';
  #queue: Entry[] = [];

  constructor(capacity: () => number, host: HostRoom = BOUNDLESS) {
    this.#capacity = capacity;
    this.#host = host;
  }

  get capacity(): number {
    return this.#capacity();
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  enter(newcomer: Newcomer): Waiting {
    const { promise, resolve } = Promise.withResolvers<Slot>();
    const entry = { ...newcomer, onMove: () => newcomer.onMove(), admit: resolve };
    this.#queue.push(entry);
    const place = () => this.#queue.indexOf(entry) + 1;
    const lack = () => this.#lack;
    this.#fill();
    if (place() > 0) this.#tellAll(entry);
    return {
      admitted: promise,
      get place() {
        return place();
      },
      get lack() {
        return lack();
      },
      [Symbol.dispose]: () => this.#giveUp(entry),
    };
  }

  /** Room for what lives already, whether or not it fits. */
  claim(share?: Disposable): Slot {
    this.#taken += 1;
    return this.#makeSlot(share);
  }

  /**
   * Memory and disk for machines that are nobody's sandbox. They take no learner's place, and there is no room for them
   * while a learner waits. What is lacking, if anything.
   */
  takeAside(machines: number): Disposable | Lack {
    const lack = this.#queue.length > 0 ? this.#lack : this.#lackOfHost(machines);
    if (lack !== undefined) return lack;
    this.#aside += machines;
    return once(() => {
      this.#aside -= machines;
      this.expire();
    });
  }

  /** For the reaper: there may be memory or disk again. */
  expire(): void {
    const before = { waiting: this.#queue.length, lack: this.#lack };
    this.#fill();
    if (this.#queue.length < before.waiting || this.#lack !== before.lack) this.#tellAll();
  }

  #giveUp(entry: Entry): void {
    const before = this.#queue.length;
    this.#queue = this.#queue.filter((other) => other !== entry);
    if (this.#queue.length === before) return;
    entry.share?.[Symbol.dispose]();
    // The next one may need less.
    this.#fill();
    this.#tellAll();
  }

  #fill(): void {
    for (let [first] = this.#queue; first !== undefined; [first] = this.#queue) {
      const lack = this.#taken >= this.capacity ? 'places' : this.#lackOfHost(first.machines);
      if (lack !== undefined) {
        this.#lack = lack;
        return;
      }
      this.#queue.shift();
      this.#taken += 1;
      first.admit(this.#makeSlot(first.share));
    }
  }

  #lackOfHost(machines: number): Lack | undefined {
    if (!this.#host.disk(machines)) return 'disk';
    // With nothing else running, waiting would bring no memory.
    if (this.#taken + this.#aside > 0 && !this.#host.memory(machines)) return 'memory';
    return undefined;
  }

  #makeSlot(share: Disposable | undefined): Slot {
    return once(() => {
      share?.[Symbol.dispose]();
      this.#taken -= 1;
      this.#fill();
      this.#tellAll();
    });
  }

  #tellAll(newcomer?: Entry): void {
    for (const entry of this.#queue) if (entry !== newcomer) entry.onMove();
  }
}

function once(dispose: () => void): Disposable {
  let isHeld = true;
  return {
    [Symbol.dispose]: () => {
      if (!isHeld) return;
      isHeld = false;
      dispose();
    },
  };
}
