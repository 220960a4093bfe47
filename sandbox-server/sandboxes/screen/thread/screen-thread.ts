import { Worker } from 'node:worker_threads';
import { BOARD, type Farewell, type Job, NOBODY, type Order, type Outcome, type Report } from './jobs.ts';

/** How often it is looked at whether the thread moves, and after how many looks at the same slice it does not. */
const LOOK_MS = 1_000;
const PATIENCE_LOOKS = 10;

/** The screen is gone, through no fault of what it showed: the thread had to be ended because of another one. */
export class ScreenGone extends Error {
  override readonly name = 'ScreenGone';
}

interface Waiting {
  resolve(outcome: Outcome): void;
  reject(cause: Error): void;
}

export interface ScreenThreadOptions {
  readonly program?: URL;
  readonly lookMs?: number;
}

/**
 * The thread that keeps screens, as the server sees it. It is started by the first job. One that stands still, or fell
 * over, is ended: the screen that was at work is lost, and the others have to be opened again, in another thread.
 */
export class ScreenThread {
  readonly #program: URL;
  readonly #lookMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #board = newBoard();
  #look: NodeJS.Timeout | undefined;
  #names = NOBODY;
  #life = 0;

  constructor({ program = new URL('./worker.ts', import.meta.url), lookMs = LOOK_MS }: ScreenThreadOptions = {}) {
    this.#program = program;
    this.#lookMs = lookMs;
  }

  /** Counts the threads there were: what was open in an earlier one is gone. */
  get life(): number {
    return this.#life;
  }

  /** A name for a screen, and for the time it uses. */
  name(): number {
    this.#names += 1;
    return this.#names;
  }

  /** Bytes are handed over: whoever asks must not use them any more. */
  ask(screen: number, job: Job): Promise<Outcome> {
    const bytes = 'bytes' in job ? [job.bytes.buffer as ArrayBuffer] : [];
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    this.#waiting.set(screen, { resolve, reject });
    this.#send({ screen, job }, bytes);
    this.#watch();
    return promise;
  }

  /** What it was asked is not answered any more. */
  dismiss(screen: number, kind: Farewell['kind']): void {
    this.#take(screen)?.reject(new ScreenGone('The screen was closed.'));
    if (this.#worker !== undefined) this.#send({ screen, job: { kind } });
  }

  #send(order: Order, handedOver: readonly ArrayBuffer[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(order, handedOver);
  }

  #start(): Worker {
    this.#board = newBoard();
    const worker = new Worker(this.#program, { workerData: this.#board, name: 'screens' });
    worker.on('message', (report: Report) => this.#report(report));
    worker.on('error', (cause) => this.#fell(worker, cause));
    worker.on('exit', (code) => this.#fell(worker, new Error(`The thread of the screens ended with ${code}.`)));
    worker.unref();
    return worker;
  }

  #report(report: Report): void {
    const waiting = this.#take(report.screen);
    if ('outcome' in report) waiting?.resolve(report.outcome);
    else waiting?.reject(new Error(report.failure));
  }

  #take(screen: number): Waiting | undefined {
    const waiting = this.#waiting.get(screen);
    this.#waiting.delete(screen);
    if (this.#waiting.size === 0) this.#rest();
    return waiting;
  }

  /** While somebody waits, the thread keeps the process alive, and has to move. */
  #watch(): void {
    if (this.#look !== undefined) return;
    this.#worker?.ref();
    let seen = -1;
    let looks = 0;
    this.#look = setInterval(() => {
      const slices = Atomics.load(this.#board, BOARD.slicesDone);
      const isStill = slices === seen && Atomics.load(this.#board, BOARD.screenAtWork) !== NOBODY;
      looks = isStill ? looks + 1 : 0;
      seen = slices;
      if (looks < PATIENCE_LOOKS || this.#worker === undefined) return;
      this.#fell(this.#worker, new Error(`A screen took more than ${PATIENCE_LOOKS * this.#lookMs} ms for one step.`));
    }, this.#lookMs).unref();
  }

  #rest(): void {
    clearInterval(this.#look);
    this.#look = undefined;
    this.#worker?.unref();
  }

  #fell(worker: Worker, cause: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#life += 1;
    void worker.terminate();
    const culprit = Atomics.load(this.#board, BOARD.screenAtWork);
    for (const screen of [...this.#waiting.keys()]) {
      const gone = new ScreenGone('The thread of the screens was ended because of another one.', { cause });
      this.#take(screen)?.reject(screen === culprit ? cause : gone);
    }
  }
}

function newBoard(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(BOARD.length * Int32Array.BYTES_PER_ELEMENT));
}

/** One for the whole process. */
export const SCREENS = new ScreenThread();
