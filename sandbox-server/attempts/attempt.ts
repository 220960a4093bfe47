import type { Lab, LabStep } from '../../labs/format/lab.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import type { AttemptState } from '../../protocol/state.ts';
import type { Config } from '../config.ts';
import { type LearnerErrorCode, Refusal } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Driver } from '../machines/driver.ts';
import type { Templates } from '../machines/templates.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Sandbox, type SandboxEnd, type SandboxLimits } from '../sandboxes/sandbox.ts';
import { StartClock } from '../sandboxes/start-clock.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { Admission, Slot } from './admission.ts';
import { Journal } from './journal.ts';
import type { Owner, Shares } from './shares.ts';
import { type Stage, stateOf } from './stage.ts';
import type { EndReason, Store, StoredAttempt } from './store.ts';

/** A page that shows this attempt. */
export interface Watcher {
  /** `state()` or `sandbox` is not what it was. */
  changed(): void;
  inputApplied(input: { epoch: number; terminal: string; offset: number }): void;
  failed(code: LearnerErrorCode): void;
}

export interface AttemptContext {
  readonly driver: Driver;
  readonly templates: Templates;
  readonly store: Store;
  readonly admission: Admission;
  readonly shares: Shares;
  readonly limits: SandboxLimits & Pick<Config, 'idleMs' | 'queueGraceMs' | 'resetsPerMinute'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Frames carry the epoch in 16 bits. */
const EPOCHS = 65_536;
const MINUTE_S = 60;

/** One learner working on one lab: what was earned, the current sandbox, and who is looking. */
export class Attempt implements AsyncDisposable {
  readonly id: string;
  readonly lab: Lab;
  readonly #context: AttemptContext;
  readonly #log: Log;
  readonly #journal: Journal;
  readonly #earned: Set<string>;
  readonly #watchers = new Set<Watcher>();
  readonly #resets: TokenBucket;
  /** Starts and ends still under way. */
  readonly #unfinished = new Set<Promise<void>>();
  /** How the last sandbox of an earlier life ended; null if the server died with it. */
  readonly #endedBefore: EndReason | null;
  #epoch: number;
  #stage: Stage = { kind: 'idle' };
  #slot: Slot | undefined;
  #owner: Owner;
  #unwatchedSince = Date.now();

  constructor(stored: StoredAttempt, lab: Lab, context: AttemptContext) {
    this.id = stored.id;
    this.lab = lab;
    this.#context = context;
    this.#log = context.log.child({ attempt: stored.id, lab: lab.id });
    this.#journal = new Journal({ log: this.#log, metrics: context.metrics, lab: lab.id });
    this.#epoch = stored.epoch;
    this.#owner = { learner: stored.learner, address: undefined };
    this.#endedBefore = stored.ended;
    this.#earned = new Set(context.store.earnedSteps(stored.id));
    const { resetsPerMinute } = context.limits;
    this.#resets = new TokenBucket({ perSecond: resetsPerMinute / MINUTE_S, burst: resetsPerMinute });
  }

  get sandbox(): Sandbox | undefined {
    return this.#stage.kind === 'running' ? this.#stage.sandbox : undefined;
  }

  get watcherCount(): number {
    return this.#watchers.size;
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
    const isAtRest = (this.#stage.kind === 'idle' || this.#stage.kind === 'ended') && this.#unfinished.size === 0;
    return isAtRest && this.#watchers.size === 0 && now - this.#unwatchedSince >= this.#context.limits.queueGraceMs;
  }

  state(): AttemptState {
    return stateOf(this.#stage, { lab: this.lab, earned: this.#earned, waiting: this.#context.admission.waiting });
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

  /** A fresh sandbox in place of this one. What was earned stays. */
  reset(): void {
    if (this.#stage.kind === 'queued' || this.#stage.kind === 'starting') return;
    if (!this.#resets.take()) throw new Refusal('reset-too-often');
    if (this.#stage.kind === 'running') this.#replace(this.#stage.sandbox);
    else this.#begin();
  }

  /** Ends the sandbox, or leaves the queue. */
  stop(): void {
    this.#end('stopped');
  }

  extend(): void {
    if (!this.#running().lifetime.extend()) throw new Refusal('extend-maximum');
    this.#changed();
  }

  check(stepId: string): void {
    const step = this.#step(stepId);
    this.#running().check(step);
  }

  hint(stepId: string, index: number): Extract<ServerMessage, { type: 'hint' }> {
    const { hints } = this.#step(stepId);
    const text = hints[index];
    if (text === undefined) throw new Refusal('hint-unknown');
    this.#keep((store) => store.helpShown(this.id, stepId, String(index)));
    return { type: 'hint', step: stepId, index, total: hints.length, text };
  }

  solution(stepId: string): Extract<ServerMessage, { type: 'solution' }> {
    const { solution } = this.#step(stepId);
    this.#keep((store) => store.helpShown(this.id, stepId, 'solution'));
    const lines = solution.map(({ terminal, command }) => ({ terminal, command }));
    return { type: 'solution', step: stepId, lines };
  }

  /** For the reaper. */
  expire(now: number): void {
    const { idleMs, queueGraceMs } = this.#context.limits;
    const unwatchedMs = this.#watchers.size > 0 ? 0 : now - this.#unwatchedSince;
    if (this.#stage.kind === 'queued' && unwatchedMs >= queueGraceMs) {
      this.#stage.waiting[Symbol.dispose]();
      this.#journal.leftQueue();
      this.#stage = { kind: 'idle' };
    } else if (this.#stage.kind === 'running') {
      if (now >= this.#stage.sandbox.lifetime.deadline || unwatchedMs >= idleMs) this.#end('expired');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(null);
    while (this.#unfinished.size > 0) await Promise.all(this.#unfinished);
  }

  #leave(watcher: Watcher): void {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
    this.#unwatchedSince = Date.now();
    this.sandbox?.setWatched(false);
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

  #begin(): void {
    const { admission, shares } = this.#context;
    const clock = new StartClock();
    const waiting = admission.enter(() => this.#changed(), shares.take(this.#owner));
    const stage = { kind: 'queued', waiting } as const;
    this.#stage = stage;
    if (waiting.place > 0) {
      this.#journal.queued(waiting.place, admission.waiting);
      this.#changed();
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
    const epoch = (this.#epoch + 1) % EPOCHS;
    try {
      const sandbox = await this.#makeSandbox({ epoch, clock, signal: abort.signal });
      if (this.#stage !== stage) {
        this.#journal.startGivenUp();
        return await sandbox[Symbol.asyncDispose]();
      }
      this.#epoch = epoch;
      this.#keep((store) => store.sandboxStarted(this.id, epoch));
      sandbox.setWatched(this.#watchers.size > 0);
      void sandbox.ended.then((end) => this.#machineEnded(sandbox, end));
      this.#journal.started(sandbox, clock);
      this.#enter({ kind: 'running', sandbox });
    } catch (cause) {
      if (this.#stage !== stage) return this.#journal.startGivenUp();
      this.#journal.startFailed(cause, clock);
      this.#end('failed');
      for (const watcher of this.#watchers) watcher.failed('start-failed');
    }
  }

  /** The new one takes the old one's room; their machines overlap for as long as ending takes. */
  #replace(old: Sandbox): void {
    this.#journal.reset(old);
    this.#finish(old[Symbol.asyncDispose]());
    this.#finish(this.#start(new StartClock()));
  }

  #makeSandbox(start: { epoch: number; clock: StartClock; signal: AbortSignal }): Promise<Sandbox> {
    const { driver, templates, limits, metrics } = this.#context;
    const { epoch } = start;
    return Sandbox.start({
      ...{ ...start, lab: this.lab, driver, templates, limits, metrics, log: this.#log },
      earned: () => this.#earned,
      events: {
        changed: () => this.#changed(),
        earned: (step) => this.#earn(step),
        inputApplied: (terminal, offset) => {
          for (const watcher of this.#watchers) watcher.inputApplied({ epoch, terminal: terminal.id, offset });
        },
      },
    });
  }

  #machineEnded(sandbox: Sandbox, end: SandboxEnd): void {
    if (this.sandbox !== sandbox) return;
    this.#journal.machineEnded(sandbox, end);
    this.#end('crashed');
  }

  /** `null` when the server itself stops: then nothing is written, and the learner is told that the machine is gone. */
  #end(reason: EndReason | null): void {
    const stage = this.#stage;
    if (stage.kind === 'idle' || stage.kind === 'ended') return;
    const slot = this.#slot;
    this.#slot = undefined;
    if (stage.kind === 'queued') stage.waiting[Symbol.dispose]();
    if (stage.kind === 'starting') stage.abort.abort();
    const gone = stage.kind === 'running' ? stage.sandbox[Symbol.asyncDispose]() : Promise.allSettled(this.#unfinished);
    // The room is free only when the machines are.
    this.#finish(gone.then(() => slot?.[Symbol.dispose]()));
    if (reason !== null) this.#keep((store) => store.sandboxEnded(this.id, reason));
    if (stage.kind === 'queued') this.#journal.leftQueue();
    else this.#journal.ended(reason ?? 'server-stopped', this.sandbox);
    this.#enter({ kind: 'ended', reason: reason ?? 'crashed' });
  }

  #earn(step: string): void {
    this.#earned.add(step);
    this.#keep((store) => store.earn(this.id, step));
    this.#journal.earned(step, this.sandbox);
  }

  /** A full disk costs what is not kept, not the machines: learners can fill it. */
  #keep(write: (store: Store) => void): void {
    try {
      write(this.#context.store);
    } catch (cause) {
      this.#journal.notKept(cause);
    }
  }

  #running(): Sandbox {
    const { sandbox } = this;
    if (sandbox === undefined) throw new Refusal('no-machine');
    return sandbox;
  }

  #step(id: string): LabStep {
    const step = this.lab.steps.find((candidate) => candidate.id === id);
    if (step === undefined) throw new Refusal('step-unknown');
    return step;
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher.changed();
  }

  #finish(work: Promise<void>): void {
    const settled = work.catch((cause) => this.#log.error({ err: cause }, 'a sandbox did not end cleanly'));
    this.#unfinished.add(settled);
    void settled.then(() => this.#unfinished.delete(settled));
  }
}
