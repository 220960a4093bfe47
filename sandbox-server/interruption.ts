const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** As a shell counts it: 128 and the number of SIGINT. */
export const INTERRUPTED_STATUS = 130;

/** One Ctrl-C arrives several times: from the terminal, and passed on by npm and by our own launcher. */
const ONE_CTRL_C_MS = 500;

/** Aborted by the first signal to stop, until it is disposed of. The second signal waits for nothing any more. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #name = Promise.withResolvers<NodeJS.Signals>();
  #sinceMs: number | undefined;

  constructor() {
    for (const name of SIGNALS) process.on(name, this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Which signal it was, once there is one. */
  get name(): Promise<NodeJS.Signals> {
    return this.#name.promise;
  }

  [Symbol.dispose](): void {
    for (const name of SIGNALS) process.removeListener(name, this.#interrupt);
  }

  readonly #interrupt = (name: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (nowMs - (this.#sinceMs ?? nowMs) > ONE_CTRL_C_MS) process.exit(INTERRUPTED_STATUS);
    this.#sinceMs ??= nowMs;
    this.#controller.abort(new Error('interrupted'));
    this.#name.resolve(name);
  };
}
