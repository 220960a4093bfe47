interface Waiting {
  readonly begin: (turn: Disposable) => void;
  readonly isPatient: boolean;
}

export interface TurnOptions {
  /** Nobody wants it any more. */
  readonly signal?: AbortSignal | undefined;
  /** Behind all that are not, whenever they came. */
  readonly isPatient?: boolean;
}

/** So many at a time; the others wait in line, first come, first served. */
export class Turns {
  readonly #most: number;
  #taken = 0;
  #queue: readonly Waiting[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Disposing what this resolves with ends the turn. Rejects when the signal says so. */
  async take({ signal, isPatient = false }: TurnOptions = {}): Promise<Disposable> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Disposable>();
    const waiting = { begin: resolve, isPatient };
    const leave = () => {
      this.#queue = this.#queue.filter((other) => other !== waiting);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    this.#queue = [...this.#queue, waiting];
    this.#begin();
    return promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  #begin(): void {
    while (this.#taken < this.#most) {
      const next = this.#queue.find(({ isPatient }) => !isPatient) ?? this.#queue[0];
      if (next === undefined) return;
      this.#queue = this.#queue.filter((other) => other !== next);
      this.#taken += 1;
      next.begin(this.#turn());
    }
  }

  #turn(): Disposable {
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#taken -= 1;
        isTaken = false;
        this.#begin();
      },
    };
  }
}
