import type { CrashKind } from '../driver.ts';
import { CONTROL_PORT } from './qemu-arguments.ts';
import type { Qmp } from './qmp.ts';

/** Between the agent's end and the machine's, when it is shut down: a second under emulation, more when it is busy. */
export const SHUTDOWN_PATIENCE_MS = 15_000;
/** What QEMU had still to say when its process ended is there at once. */
const LAST_WORDS_MS = 1_000;

export interface EndWatchOptions {
  readonly qmp: Pick<Qmp, 'onEvent' | 'closed'>;
  /** Of the machine's process, as Keeper's. */
  readonly processEnded: Promise<string>;
  onEnd(kind: CrashKind, detail: string): void;
  readonly patienceMs?: number;
}

/**
 * Finds out what a machine that ends by itself ended of. A shutdown from inside ends the agent first; a kernel that dies,
 * or is told to restart at once, takes it along. An agent that ends alone is started again, and says so, or it is not.
 * The first thing that is sure is told, once.
 */
export class EndWatch implements Disposable {
  readonly #options: EndWatchOptions;
  #knowsAgent = false;
  #agentLeft: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: EndWatchOptions) {
    this.#options = options;
    const { qmp } = options;
    qmp.onEvent('SHUTDOWN', ({ reason }) => this.#wentDown(String(reason)));
    qmp.onEvent('VSERPORT_CHANGE', ({ id, open }) => {
      if (id === CONTROL_PORT && open === false && this.#knowsAgent) this.#noteAgentLeft();
    });
    void options.processEnded.then((detail) => this.#processEnded(detail));
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#agentLeft);
  }

  /** From now on there is an agent that holds the terminals: no other one can take its place. */
  agentIsKnown(): void {
    this.#knowsAgent = true;
  }

  /** QEMU tells of one change of a port a second at most: an agent that was started again within that says so itself. */
  agentBegan(): void {
    if (this.#knowsAgent) this.#end('agent', 'the agent began anew: it was killed, or it crashed');
  }

  #noteAgentLeft(): void {
    const { patienceMs = SHUTDOWN_PATIENCE_MS } = this.#options;
    const gone = () => this.#end('agent', 'the agent closed its port, and no other one began');
    this.#agentLeft ??= setTimeout(gone, patienceMs);
  }

  #wentDown(reason: string): void {
    if (reason === 'guest-shutdown') this.#end('shut-down', 'the guest shut down');
    else if (reason === 'guest-reset' && this.#agentLeft) this.#end('restarted', 'the guest restarted');
    else if (reason === 'guest-reset') this.#end('kernel', 'the guest restarted without shutting down');
    else if (reason === 'guest-panic') this.#end('kernel', 'the kernel of the guest panicked');
  }

  async #processEnded(detail: string): Promise<void> {
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(() => patience.resolve(), LAST_WORDS_MS);
    await Promise.race([this.#options.qmp.closed, patience.promise]);
    clearTimeout(timer);
    this.#end('lost', detail);
  }

  #end(kind: CrashKind, detail: string): void {
    if (this.#isOver) return;
    this[Symbol.dispose]();
    this.#options.onEnd(kind, detail);
  }
}
