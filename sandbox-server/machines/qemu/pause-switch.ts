import type { Qmp } from './qmp.ts';

/** A guest with nothing else to do answers at once. Whatever it is asked next, it takes the right time before that. */
const PATIENCE_MS = 10_000;

export interface PauseSwitchOptions {
  readonly qmp: Pick<Qmp, 'execute'>;
  /** Whether something is under way that must not stand still. */
  readonly isBusy: () => boolean;
  /** Gives the guest what it missed; resolves when it has it. */
  readonly refresh: (signal: AbortSignal) => Promise<void>;
}

/** Holds a guest's processors, and lets them go on. Commands reach QEMU in the order of the wishes: the last one holds. */
export class PauseSwitch {
  readonly #options: PauseSwitchOptions;
  #isPaused = false;
  #resumed: Promise<void> = Promise.resolve();

  constructor(options: PauseSwitchOptions) {
    this.#options = options;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  async pause(): Promise<void> {
    await this.#resumed;
    if (this.#isPaused || this.#options.isBusy()) return;
    this.#isPaused = true;
    await this.#options.qmp.execute('stop');
  }

  /** Rejects when the machine ends meanwhile; then whatever is asked of it next does so, too. */
  resume(): Promise<void> {
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#resumed = this.#goOn();
      this.#resumed.catch(() => {});
    }
    return this.#resumed;
  }

  /** For a machine that somebody else may have left paused. */
  async look(): Promise<void> {
    const { status } = (await this.#options.qmp.execute('query-status')) as { status?: string };
    this.#isPaused = status === 'paused';
  }

  /** Before there is an agent to refresh. */
  async letRun(): Promise<void> {
    await this.#options.qmp.execute('cont');
  }

  async #goOn(): Promise<void> {
    await this.letRun();
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    await this.#options.refresh(deadline).catch((cause) => {
      if (cause !== deadline.reason) throw cause;
    });
  }
}
