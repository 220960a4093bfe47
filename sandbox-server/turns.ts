interface Waiting {
  readonly begin: (turn: Disposable) => void;
}

/** So many at a time; the others wait in line, first come, first served. */
export class Turns {
  readonly #most: number;
  #taken = 0;
  #queue: readonly Waiting[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Disposing what this resolves with ends the turn. Rejects when the signal says that nobody wants it any more. */
  async take(signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Disposable>();
    const waiting = { begin: resolve };
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
      const [first, ...others] = this.#queue;
      if (first === undefined) return;
      this.#queue = others;
      this.#taken += 1;
      first.begin(this.#turn());
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
