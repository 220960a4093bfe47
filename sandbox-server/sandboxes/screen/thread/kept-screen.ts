import { Screen } from '../screen.ts';
import type { Job, Outcome, Paint } from './jobs.ts';
import { piecesOf } from './pieces.ts';
import { TimeShare } from './time-share.ts';

/** A screen that prints and prints gets half a processor, after two seconds of a whole one. */
const SHARE = { part: 0.5, burstMs: 1_000 };

/** One screen in the thread: does its jobs bit by bit, so that others can have their turn in between. */
export class KeptScreen implements Disposable {
  readonly share: TimeShare;
  #screen: Screen | undefined;
  #answers: string[] = [];
  /** What is left of the job it has; each step of it is short, if xterm.js is. */
  work: Iterator<void, Outcome> | undefined;

  constructor(now: number) {
    this.share = new TimeShare(SHARE, now);
  }

  begin(job: Job): void {
    this.work = this.#perform(job);
  }

  [Symbol.dispose](): void {
    this.work = undefined;
    this.#screen?.[Symbol.dispose]();
    this.#screen = undefined;
  }

  *#perform(job: Job): Generator<void, Outcome> {
    if (job.kind === 'open') this.#open(job.size);
    const screen = this.#screen;
    if (screen === undefined) throw new TypeError('This screen is not open.');
    if (job.kind === 'resize') {
      screen.resize(job.size);
      return this.#outcome(screen, 0);
    }
    return yield* this.#feed(screen, job.bytes, job.kind === 'feed' ? job.paint : undefined);
  }

  *#feed(screen: Screen, bytes: Uint8Array, wanted: Paint | undefined): Generator<void, Outcome> {
    const isHere = (fed: number) => wanted !== undefined && fed >= wanted.from && screen.isQuiet;
    let fed = 0;
    for (const piece of piecesOf(bytes)) {
      if (isHere(fed)) break;
      screen.feed(piece);
      fed += piece.length;
      yield;
    }
    const outcome = this.#outcome(screen, fed);
    if (!isHere(fed) && wanted?.isForced !== true) return outcome;
    return { ...outcome, snapshot: yield* paint(screen) };
  }

  #open(size: Screen['size']): void {
    this.#screen?.[Symbol.dispose]();
    this.#screen = new Screen(size, (answer) => this.#answers.push(answer));
  }

  #outcome({ size }: Screen, fed: number): Outcome {
    return { fed, answers: this.#answers.splice(0), size };
  }
}

function* paint(screen: Screen): Generator<void, Uint8Array<ArrayBuffer>> {
  let texts: string[] = [];
  for (const text of screen.paint()) {
    if (text === undefined) texts = [];
    else texts.push(text);
    yield;
  }
  return new TextEncoder().encode(texts.join(''));
}
