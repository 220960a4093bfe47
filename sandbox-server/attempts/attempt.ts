import type { Lab } from '../../labs/format/lab.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { AttemptState } from '../../protocol/state.ts';
import { type LearnerErrorCode, Refusal } from '../errors.ts';
import type { Log } from '../log.ts';
import { Sandbox, type SandboxEnd, type SandboxOptions } from '../sandboxes/sandbox.ts';
import { readRecord } from '../sandboxes/sandbox-record.ts';
import { StartClock } from '../sandboxes/start-clock.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { Slot } from './admission.ts';
import type { AttemptContext } from './attempt-context.ts';
import { CatchUp } from './catch-up.ts';
import { Epochs } from './epochs.ts';
import { findHint, findStep, tellSolution } from './help.ts';
import { Journal } from './journal.ts';
import { Keeping } from './keeping.ts';
import { Quiz } from './quiz.ts';
import type { Owner } from './shares.ts';
import { type Stage, stateOf } from './stage.ts';
import type { EndReason, StoredAnswer, StoredAttempt } from './store.ts';
import { type Watcher, Watchers } from './watchers.ts';

const MINUTE_S = 60;

/** One learner working on one lab: what was earned, the current sandbox, and who is looking. */
export class Attempt implements AsyncDisposable {
  readonly id: string;
  readonly lab: Lab;
  readonly #context: AttemptContext;
  readonly #log: Log;
  readonly #journal: Journal;
  readonly #keeping: Keeping;
  readonly #quiz: Quiz;
  readonly #watchers = new Watchers();
  readonly #resets: TokenBucket;
  /** Starts and ends still under way. */
  readonly #unfinished = new Set<Promise<void>>();
  /** How the last sandbox of an earlier life ended; null if the server died with it. */
  readonly #endedBefore: EndReason | null;
  readonly #epochs: Epochs;
  readonly #catchUp: CatchUp;
  #stage: Stage = { kind: 'idle' };
  /** The step at which the next sandbox starts; undefined for the beginning. */
  #startsAt: string | undefined;
  #slot: Slot | undefined;
  /** Given back when its sandbox is to end; the room only when it has. */
  #share: Disposable | undefined;
  #owner: Owner;

  constructor(stored: StoredAttempt, lab: Lab, context: AttemptContext) {
    this.id = stored.id;
    this.lab = lab;
    this.#context = context;
    this.#log = context.log.child({ attempt: stored.id, lab: lab.id });
    this.#journal = new Journal({ log: this.#log, metrics: context.metrics, lab: lab.id });
    this.#owner = { learner: stored.learner, address: undefined };
    this.#endedBefore = stored.ended;
    this.#keeping = new Keeping({ attempt: stored.id, store: context.store, journal: this.#journal });
    this.#epochs = new Epochs({
      ...{ last: stored.epoch, reserved: stored.epoch },
      reserve: (upTo) => this.#keeping.reserveEpochs(upTo),
    });
    const onChange = () => this.#watchers.changed();
    const keep = (answer: StoredAnswer) => this.#keeping.answered(answer);
    this.#quiz = new Quiz({ lab, answers: this.#keeping.answers, keep, onChange });
    this.#catchUp = new CatchUp({ lab, templates: context.templates, bakes: context.bakes, onChange });
    const { resetsPerMinute } = context.limits;
    this.#resets = new TokenBucket({ perSecond: resetsPerMinute / MINUTE_S, burst: resetsPerMinute });
  }

  get sandbox(): Sandbox | undefined {
    return this.#stage.kind === 'running' ? this.#stage.sandbox : undefined;
  }

  get watcherCount(): number {
    return this.#watchers.count;
  }

  openedFrom(address: string | undefined): void {
    this.#owner = { ...this.#owner, address };
  }

  /** Why it may not begin a sandbox, if it has none and may not. */
  refusal(): LearnerErrorCode | undefined {
    const hasNone = this.#stage.kind === 'idle' || this.#stage.kind === 'ended';
    return hasNone ? this.#context.shares.refusal(this.#owner) : undefined;
  }

  get phase(): Stage['kind'] {
    return this.#stage.kind;
  }

  /** Nobody looks and nothing runs: all there is to know is in the store. */
  isForgettable(now: number): boolean {
    const isBusy = this.#catchUp.isUnderWay || this.#unfinished.size > 0;
    const isAtRest = (this.#stage.kind === 'idle' || this.#stage.kind === 'ended') && !isBusy;
    const { queueGraceMs } = this.#context.limits;
    return isAtRest && this.#watchers.count === 0 && this.#watchers.unwatchedMs(now) >= queueGraceMs;
  }

  state(): AttemptState {
    return stateOf(this.#stage, {
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
    if (this.#stage.kind === 'idle') {
      if (returnsTo === null) this.#tryToBegin(watcher);
      else this.#stage = { kind: 'ended', reason: this.#endedBefore ?? 'crashed' };
    }
    return { [Symbol.dispose]: () => this.#leave(watcher) };
  }

  /**
   * A fresh sandbox in place of this one, as the lab begins or as it is where a step starts. What was earned stays. For
   * a step that nobody has asked for yet, templates are made first; the old sandbox goes on meanwhile.
   */
  reset(stepId?: string): void {
    const step = stepId === undefined ? undefined : findStep(this.lab, stepId).id;
    if (this.#stage.kind === 'queued' || this.#stage.kind === 'starting') return;
    if (!this.#resets.take()) throw new Refusal('reset-too-often');
    this.#catchUp.forget();
    if (step === undefined) this.#startAnew(undefined);
    else void this.#startAt(step);
  }

  /** Ends the sandbox, or leaves the queue. */
  stop(): void {
    this.#catchUp.forget();
    this.#end('stopped');
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
    this.#end('memory');
  }

  /** For the reaper. */
  expire(now: number): void {
    const { idleMs, queueGraceMs } = this.#context.limits;
    const unwatchedMs = this.#watchers.unwatchedMs(now);
    if (this.#stage.kind === 'queued' && unwatchedMs >= queueGraceMs) {
      this.#stage.waiting[Symbol.dispose]();
      this.#journal.leftQueue();
      this.#stage = { kind: 'idle' };
    } else if (this.#stage.kind === 'running') {
      if (now >= this.#stage.sandbox.lifetime.deadline || unwatchedMs >= idleMs) this.#end('expired');
      else this.#stage.sandbox.rest(now);
    }
  }

  /** For the registry, of a fresh attempt: goes on with the sandbox that an earlier server left, or ends it. */
  async adopt(kept: string): Promise<void> {
    const abort = new AbortController();
    const stage = { kind: 'starting', abort } as const;
    this.#share = this.#context.shares.claim(this.#owner);
    this.#slot = this.#context.admission.claim(this.#share);
    this.#stage = stage;
    const work = this.#adopt(kept, stage).catch(async (cause: unknown) => {
      const isWanted = this.#stage === stage;
      if (isWanted) this.#end('crashed');
      const machines = await this.#context.driver.endNamed(kept);
      if (isWanted) this.#journal.adoptionFailed(cause, machines);
    });
    this.#finish(work);
    await work;
  }

  /** Leaves the sandbox to a later server. Nobody looks any more. */
  async release(): Promise<void> {
    this.#catchUp.forget();
    // What is being adopted is not given up for that; what is being started may be.
    if (this.#stage.kind === 'starting') await Promise.all(this.#unfinished);
    const stage = this.#stage;
    if (stage.kind !== 'running') return;
    this.#stage = { kind: 'idle' };
    stage.sandbox.release();
    this.#journal.released(stage.sandbox);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#catchUp.forget();
    this.#end(null);
    while (this.#unfinished.size > 0) await Promise.all(this.#unfinished);
  }

  #leave(watcher: Watcher): void {
    if (this.#watchers.remove(watcher)) this.sandbox?.setWatched(false);
  }

  #tryToBegin(watcher: Watcher): void {
    try {
      this.#begin();
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      this.#stage = { kind: 'ended', reason: 'failed' };
      // After the state, which every page is told first.
      queueMicrotask(() => watcher.failed(cause.code));
    }
  }

  async #startAt(step: string): Promise<void> {
    try {
      if (await this.#catchUp.prepare(step)) this.#startAnew(step);
    } catch (cause) {
      if (cause instanceof Refusal) return this.#watchers.failed(cause.code);
      this.#journal.checkpointFailed(step, cause);
      this.#watchers.failed('checkpoint-failed');
    }
  }

  #startAnew(step: string | undefined): void {
    if (this.#stage.kind === 'queued' || this.#stage.kind === 'starting') return;
    this.#startsAt = step;
    if (this.#stage.kind === 'running') this.#replace(this.#stage.sandbox);
    else this.#begin();
  }

  #begin(): void {
    const { admission, shares } = this.#context;
    const clock = new StartClock();
    this.#epochs.ensure();
    this.#share = shares.take(this.#owner);
    const onMove = () => this.#watchers.changed();
    const waiting = admission.enter({ machines: this.lab.machines.length, share: this.#share, onMove });
    const stage = { kind: 'queued', waiting } as const;
    this.#stage = stage;
    if (waiting.place > 0) {
      this.#journal.queued(waiting, admission.waiting);
      this.#watchers.changed();
    }
    void waiting.admitted.then((slot) => {
      if (this.#stage === stage) this.#admit(slot, clock);
      else slot[Symbol.dispose]();
    });
  }

  #admit(slot: Slot, clock: StartClock): void {
    this.#slot = slot;
    this.#journal.admitted(clock);
    this.#finish(this.#start(clock));
  }

  async #start(clock: StartClock): Promise<void> {
    const abort = new AbortController();
    const stage = { kind: 'starting', abort } as const;
    this.#enter(stage);
    try {
      const epoch = this.#epochs.take();
      const options = { epoch, clock, signal: abort.signal };
      const sandbox = await Sandbox.start({ ...options, step: this.#startsAt, ...this.#sandboxOptions(epoch) });
      if (this.#stage !== stage) {
        this.#journal.startGivenUp();
        return await sandbox[Symbol.asyncDispose]();
      }
      this.#keeping.sandboxStarted(sandbox);
      this.#journal.started(sandbox, clock);
      this.#run(sandbox);
    } catch (cause) {
      if (this.#stage !== stage) return this.#journal.startGivenUp();
      this.#journal.startFailed(cause, clock);
      this.#end('failed');
      this.#watchers.failed('start-failed');
    }
  }

  async #adopt(kept: string, stage: Stage & { kind: 'starting' }): Promise<void> {
    using _turn = await this.#context.adoptions.take({ signal: stage.abort.signal });
    const record = readRecord(kept);
    if (record !== undefined) this.#epochs.goOnFrom(record.epoch);
    const options = { epoch: this.#epochs.last, signal: stage.abort.signal };
    const sandbox = record && (await Sandbox.adopt(record, { ...options, ...this.#sandboxOptions(options.epoch) }));
    if (sandbox === undefined)
      throw new Error('a machine of it is over, or its record is of another version of Drydock');
    if (this.#stage !== stage) return await sandbox[Symbol.asyncDispose]();
    this.#keeping.sandboxAdopted(sandbox, kept);
    this.#journal.adopted(sandbox);
    this.#run(sandbox);
  }

  #run(sandbox: Sandbox): void {
    sandbox.setWatched(this.#watchers.count > 0);
    void sandbox.ended.then((end) => this.#machineEnded(sandbox, end));
    this.#enter({ kind: 'running', sandbox });
  }

  /** The new one takes the old one's room; their machines overlap for as long as ending takes. */
  #replace(old: Sandbox): void {
    this.#epochs.ensure();
    this.#journal.reset(old);
    this.#finish(old[Symbol.asyncDispose]());
    this.#finish(this.#start(new StartClock()));
  }

  #sandboxOptions(epoch: number): Omit<SandboxOptions, 'epoch' | 'clock' | 'signal'> {
    const { driver, templates, pool, limits, metrics, recordingsFolder } = this.#context;
    return {
      ...{ lab: this.lab, driver, templates, pool, limits, metrics, recordingsFolder, log: this.#log },
      earned: () => this.#keeping.earned,
      events: {
        changed: () => {
          if (this.sandbox?.epoch === epoch) this.#keeping.sandboxChanged(this.sandbox);
          this.#watchers.changed();
        },
        earned: (step) => {
          this.#keeping.earn(step);
          this.#journal.earned(step, this.sandbox);
        },
      },
    };
  }

  #machineEnded(sandbox: Sandbox, end: SandboxEnd): void {
    if (this.sandbox !== sandbox) return;
    this.#journal.machineEnded(sandbox, end);
    this.#end('crashed');
  }

  /** `null` when the server itself stops: the learner is told that the machine is gone. */
  #end(reason: EndReason | null): void {
    const stage = this.#stage;
    if (stage.kind === 'idle' || stage.kind === 'ended') return;
    const slot = this.#slot;
    this.#slot = undefined;
    this.#share?.[Symbol.dispose]();
    if (stage.kind === 'queued') stage.waiting[Symbol.dispose]();
    if (stage.kind === 'starting') stage.abort.abort();
    const gone = stage.kind === 'running' ? stage.sandbox[Symbol.asyncDispose]() : Promise.allSettled(this.#unfinished);
    // The room is free only when the machines are.
    this.#finish(gone.then(() => slot?.[Symbol.dispose]()));
    this.#keeping.sandboxEnded(reason);
    if (stage.kind === 'queued') this.#journal.leftQueue();
    else this.#journal.ended(reason ?? 'server-stopped', this.sandbox);
    this.#enter({ kind: 'ended', reason: reason ?? 'crashed' });
  }

  #running(): Sandbox {
    const { sandbox } = this;
    if (sandbox === undefined) throw new Refusal('no-machine');
    return sandbox;
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#watchers.changed();
  }

  #finish(work: Promise<void>): void {
    const settled = work.catch((cause) => this.#log.error({ err: cause }, 'a sandbox did not end cleanly'));
    this.#unfinished.add(settled);
    void settled.then(() => this.#unfinished.delete(settled));
  }
}
