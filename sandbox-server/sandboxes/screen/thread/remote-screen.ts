import type { TerminalSize } from '../../../../protocol/terminal-copy.ts';
import type { Job, Outcome, Paint } from './jobs.ts';
import { SCREENS, type ScreenThread } from './screen-thread.ts';

/** A screen in the thread that keeps them. One thing at a time: wait for each outcome before the next is asked for. */
export class RemoteScreen implements Disposable {
  readonly #thread: ScreenThread;
  readonly #name: number;
  /** In which life of the thread it was opened. */
  #life: number | undefined;

  constructor(thread: ScreenThread = SCREENS) {
    this.#thread = thread;
    this.#name = thread.name();
  }

  get isOpen(): boolean {
    return this.#life === this.#thread.life;
  }

  /** Empty, of this size, and then brought to a state by these bytes. */
  async open(size: TerminalSize, bytes: Uint8Array): Promise<Outcome> {
    const opened = this.#ask({ kind: 'open', size, bytes: new Uint8Array(bytes) });
    this.#life = this.#thread.life;
    return await opened;
  }

  feed(bytes: Uint8Array, paint?: Paint): Promise<Outcome> {
    return this.#ask({ kind: 'feed', bytes: new Uint8Array(bytes), ...(paint && { paint }) });
  }

  resize({ cols, rows }: TerminalSize): Promise<Outcome> {
    return this.#ask({ kind: 'resize', size: { cols, rows } });
  }

  close(): void {
    if (this.isOpen) this.#thread.dismiss(this.#name, 'close');
    this.#life = undefined;
  }

  [Symbol.dispose](): void {
    this.#thread.dismiss(this.#name, 'forget');
    this.#life = undefined;
  }

  #ask(job: Job): Promise<Outcome> {
    return this.#thread.ask(this.#name, job);
  }
}
