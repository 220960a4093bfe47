import type { Lab } from '../../labs/format/lab.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { AttemptState } from '../../protocol/state.ts';
import type { EndReason } from '../../protocol/troubles.ts';
import { type LearnerErrorCode, Refusal } from '../errors.ts';
import type { Sandbox } from '../sandboxes/sandbox.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { AttemptContext } from './attempt-context.ts';
import { CatchUp } from './catch-up.ts';
import { findHint, findStep, tellSolution } from './help.ts';
import { Journal } from './journal.ts';
import { Keeping } from './keeping.ts';
import { Quiz } from './quiz.ts';
import type { Owner } from './shares.ts';
import { type Stage, stateOf } from './stage.ts';
import { Stages } from './stages.ts';
import type { StoredAnswer, StoredAttempt } from './store.ts';
import { type Watcher, Watchers } from './watchers.ts';

const MINUTE_S = 60;

/** One learner working on one lab: what was earned, the current sandbox, and who is looking. */
export class Attempt implements AsyncDisposable {
  readonly id: string;
  #lab: Lab;
  readonly #context: AttemptContext;
  readonly #journal: Journal;
  readonly #keeping: Keeping;
  readonly #quiz: Quiz;
  readonly #watchers = new Watchers();
  readonly #resets: TokenBucket;
  /** How the last sandbox of an earlier life ended: with its server, or so long ago that nobody knows, or as it is kept. */
  readonly #endedBefore: EndReason;
  readonly #catchUp: CatchUp;
  readonly #stages: Stages;
  #owner: Owner;

  constructor(stored: StoredAttempt, lab: Lab, context: AttemptContext) {
    this.id = stored.id;
    this.#lab = lab;
    this.#context = context;
    const log = context.log.child({ attempt: stored.id, lab: lab.id });
    this.#journal = new Journal({ log, metrics: context.metrics, lab: lab.id });
    this.#owner = { learner: stored.learner, address: undefined };
    this.#endedBefore = stored.ended ?? (stored.epoch > 0 ? 'server' : 'crashed');
    this.#keeping = new Keeping({ attempt: stored.id, store: context.store, journal: this.#journal });
    const onChange = () => this.#watchers.changed();
    const keep = (answer: StoredAnswer) => this.#keeping.answered(answer);
    const labNow = { lab: () => this.#lab };
    this.#quiz = new Quiz({ ...labNow, answers: this.#keeping.answers, keep, onChange });
    this.#stages = new Stages({
      ...{ ...labNow, stored, context, log, journal: this.#journal, keeping: this.#keeping },
      isWatched: () => this.#watchers.count > 0,
      changed: onChange,
      failed: (code) => this.#watchers.failed(code),
    });
    this.#catchUp = new CatchUp({ ...labNow, templates: context.templates, bakes: context.bakes, onChange });
    const { resetsPerMinute } = context.limits;
    this.#resets = new TokenBucket({ perSecond: resetsPerMinute / MINUTE_S, burst: resetsPerMinute });
  }

  get lab(): Lab {
    return this.#lab;
  }

  /** The lab's author has changed it. The sandbox goes on; the next one is made as the lab is then. */
  revise(lab: Lab): void {
    this.#lab = lab;
    this.sandbox?.revise(lab);
    this.#watchers.changed();
  }

  get sandbox(): Sandbox | undefined {
    return this.#stages.sandbox;
  }

  get watcherCount(): number {
    return this.#watchers.count;
  }

  openedFrom(address: string | undefined): void {
    this.#owner = { ...this.#owner, address };
  }

  isOf(learner: string): boolean {
    return this.#owner.learner === learner;
  }

  /** Why it may not begin a sandbox, if it has none and may not. */
  refusal(): LearnerErrorCode | undefined {
    return this.#stages.isOver ? this.#context.shares.refusal(this.#owner) : undefined;
  }

  get phase(): Stage['kind'] {
    return this.#stages.current.kind;
  }

  /** Nobody looks and nothing runs: all there is to know is in the store. */
  isForgettable(now: number): boolean {
    const isAtRest = this.#stages.isOver && !this.#stages.isBusy && !this.#catchUp.isUnderWay;
    const { queueGraceMs } = this.#context.limits;
    return isAtRest && this.#watchers.count === 0 && this.#watchers.unwatchedMs(now) >= queueGraceMs;
  }

  state(): AttemptState {
    return stateOf(this.#stages.current, {
      lab: this.lab,
      earned: this.#keeping.earned,
      waiting: this.#context.admission.waiting,
      preparing: this.#catchUp.state,
      questions: this.#quiz.states(),
    });
  }

  /** A page begins to look. Its first look starts a sandbox, unless the page comes back to one that is gone. */
  join(watcher: Watcher, { returnsTo }: { returnsTo: string | null }): Disposable {
    this.#watchers.add(watcher);
    this.sandbox?.setWatched(true);
    if (this.phase === 'idle') {
      if (returnsTo === null) this.#tryToBegin(watcher);
      else this.#stages.endedAs(this.#endedBefore);
    }
    return { [Symbol.dispose]: () => this.#leave(watcher) };
  }

  /**
   * A fresh sandbox in place of this one, as the lab begins or as it is where a step starts. What was earned stays. For
   * a step that nobody has asked for yet, templates are made first; the old sandbox goes on meanwhile.
   */
  reset(stepId?: string): void {
    const step = stepId === undefined ? undefined : findStep(this.lab, stepId).id;
    if (this.phase === 'queued' || this.phase === 'starting') return;
    if (!this.#resets.take()) throw new Refusal('reset-too-often');
    this.#catchUp.forget();
    if (step === undefined) this.#stages.startAnew(this.#owner, undefined);
    else void this.#startAt(step);
  }

  /** Ends the sandbox, or leaves the queue. */
  stop(): void {
    this.#catchUp.forget();
    this.#stages.end('stopped');
  }

  extend(): void {
    const sandbox = this.#running();
    if (!sandbox.lifetime.extend()) throw new Refusal('extend-maximum');
    this.#keeping.sandboxExtended(sandbox);
    this.#watchers.changed();
  }

  check(stepId: string): void {
    const step = findStep(this.lab, stepId);
    this.#running().check(step);
  }

  answer(question: string, answer: string): void {
    const sandbox = this.#running();
    this.#quiz.answer(question, answer, (asked) => sandbox.mark(asked, answer));
  }

  hint(stepId: string, index: number): Extract<ServerMessage, { type: 'hint' }> {
    const hint = findHint(findStep(this.lab, stepId), index);
    this.#keeping.helpShown(stepId, String(index));
    return hint;
  }

  solution(stepId: string): Extract<ServerMessage, { type: 'solution' }> {
    const solution = tellSolution(findStep(this.lab, stepId));
    this.#keeping.helpShown(stepId, 'solution');
    return solution;
  }

  /** Its learner is told why; what was earned stays. */
  endForMemory(): void {
    this.#stages.end('memory');
  }

  /** For the reaper. */
  expire(now: number): void {
    const { idleMs, queueGraceMs } = this.#context.limits;
    const unwatchedMs = this.#watchers.unwatchedMs(now);
    if (unwatchedMs >= queueGraceMs) this.#stages.leaveQueue();
    const { sandbox } = this;
    if (sandbox === undefined) return;
    if (now >= sandbox.lifetime.deadline || unwatchedMs >= idleMs) this.#stages.end('expired');
    else sandbox.rest(now);
  }

  /** For the registry, of a fresh attempt: goes on with the sandbox that an earlier server left, or ends it. */
  adopt(kept: string): Promise<void> {
    return this.#stages.adopt(kept, this.#owner);
  }

  /** Leaves the sandbox to a later server. Nobody looks any more. */
  async release(): Promise<void> {
    this.#catchUp.forget();
    await this.#stages.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#catchUp.forget();
    await this.#stages[Symbol.asyncDispose]();
  }

  #leave(watcher: Watcher): void {
    if (this.#watchers.remove(watcher)) this.sandbox?.setWatched(false);
  }

  #tryToBegin(watcher: Watcher): void {
    try {
      this.#stages.begin(this.#owner);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      this.#stages.endedAs('failed');
      // After the state, which every page is told first.
      queueMicrotask(() => watcher.failed(cause.code));
    }
  }

  async #startAt(step: string): Promise<void> {
    try {
      if (await this.#catchUp.prepare(step)) this.#stages.startAnew(this.#owner, step);
    } catch (cause) {
      if (cause instanceof Refusal) return this.#watchers.failed(cause.code);
      this.#journal.checkpointFailed(step, cause);
      this.#watchers.failed('checkpoint-failed');
    }
  }

  #running(): Sandbox {
    const { sandbox } = this;
    if (sandbox === undefined) throw new Refusal('no-machine');
    return sandbox;
  }
}
