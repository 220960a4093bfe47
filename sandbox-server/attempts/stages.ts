import type { Lab } from '../../labs/format/lab.ts';
import type { EndReason } from '../../protocol/troubles.ts';
import type { LearnerErrorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { Sandbox, type SandboxEnd, type SandboxOptions } from '../sandboxes/sandbox.ts';
import { readRecord } from '../sandboxes/sandbox-record.ts';
import { StartClock } from '../sandboxes/start-clock.ts';
import type { Slot } from './admission.ts';
import type { AttemptContext } from './attempt-context.ts';
import { Epochs } from './epochs.ts';
import type { Journal } from './journal.ts';
import type { Keeping } from './keeping.ts';
import type { Owner } from './shares.ts';
import type { Stage } from './stage.ts';
import type { StoredAttempt } from './store.ts';

export interface StagesOptions {
  readonly stored: StoredAttempt;
  /** As it is now. */
  lab(): Lab;
  readonly context: AttemptContext;
  readonly log: Log;
  readonly journal: Journal;
  readonly keeping: Keeping;
  isWatched(): boolean;
  /** The stage, or what its sandbox shows, is not what it was. */
  changed(): void;
  failed(code: LearnerErrorCode): void;
}

/** The sandboxes of one attempt, one after the other, and the room that they take in admission. */
export class Stages implements AsyncDisposable {
  readonly #options: StagesOptions;
  readonly #epochs: Epochs;
  /** Starts and ends still under way. */
  readonly #unfinished = new Set<Promise<void>>();
  #stage: Stage = { kind: 'idle' };
  /** The step at which the next sandbox starts; undefined for the beginning. */
  #startsAt: string | undefined;
  #slot: Slot | undefined;
  /** Given back when its sandbox is to end; the room only when it has. */
  #share: Disposable | undefined;

  constructor(options: StagesOptions) {
    const { stored, keeping } = options;
    this.#options = options;
    this.#epochs = new Epochs({
      ...{ last: stored.epoch, reserved: stored.epoch },
      reserve: (upTo) => keeping.reserveEpochs(upTo),
    });
  }

  get current(): Stage {
    return this.#stage;
  }

  get sandbox(): Sandbox | undefined {
    return this.#stage.kind === 'running' ? this.#stage.sandbox : undefined;
  }

  /** There is no sandbox, nor will there be one before somebody asks. */
  get isOver(): boolean {
    return this.#stage.kind === 'idle' || this.#stage.kind === 'ended';
  }

  /** Something is still starting or ending. */
  get isBusy(): boolean {
    return this.#unfinished.size > 0;
  }

  /** Without there having been a sandbox: an earlier one ended so, or none could be begun. */
  endedAs(reason: EndReason): void {
    this.#stage = { kind: 'ended', reason };
  }

  /** In place of what there is, at a step or at the beginning. Changes nothing while one is on its way. */
  startAnew(owner: Owner, step: string | undefined): void {
    if (this.#stage.kind === 'queued' || this.#stage.kind === 'starting') return;
    this.#startsAt = step;
    if (this.#stage.kind === 'running') this.#replace(this.#stage.sandbox);
    else this.begin(owner);
  }

  /** Back to the beginning, if it has not been admitted yet. */
  leaveQueue(): void {
    if (this.#stage.kind !== 'queued') return;
    this.#stage.waiting[Symbol.dispose]();
    this.#options.journal.leftQueue();
    this.#stage = { kind: 'idle' };
  }

  /** Takes a place in the queue, and starts when it is its turn. Throws a Refusal where its learner may have no more. */
  begin(owner: Owner): void {
    const { admission, shares } = this.#options.context;
    const clock = new StartClock();
    this.#epochs.ensure();
    this.#share = shares.take(owner);
    const onMove = () => this.#options.changed();
    const waiting = admission.enter({ machines: this.#options.lab().machines.length, share: this.#share, onMove });
    const stage = { kind: 'queued', waiting } as const;
    this.#stage = stage;
    if (waiting.place > 0) {
      this.#options.journal.queued(waiting, admission.waiting);
      this.#options.changed();
    }
    void waiting.admitted.then((slot) => {
      if (this.#stage === stage) this.#admit(slot, clock);
      else slot[Symbol.dispose]();
    });
  }

  /** Goes on with the sandbox that an earlier server left, or ends it. */
  async adopt(kept: string, owner: Owner): Promise<void> {
    const abort = new AbortController();
    const stage = { kind: 'starting', abort } as const;
    this.#share = this.#options.context.shares.claim(owner);
    this.#slot = this.#options.context.admission.claim(this.#share);
    this.#stage = stage;
    const work = this.#adopt(kept, stage).catch(async (cause: unknown) => {
      const isWanted = this.#stage === stage;
      if (isWanted) this.end('server');
      const machines = await this.#options.context.driver.endNamed(kept);
      if (isWanted) this.#options.journal.adoptionFailed(cause, machines);
    });
    this.#finish(work);
    await work;
  }

  /** `null` when the server itself stops: the learner is told that the machine is gone. */
  end(reason: EndReason | null): void {
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
    this.#options.keeping.sandboxEnded(reason);
    if (stage.kind === 'queued') this.#options.journal.leftQueue();
    else this.#options.journal.ended(reason ?? 'server-stopped', this.sandbox);
    this.#enter({ kind: 'ended', reason: reason ?? 'server' });
  }

  /** Leaves the sandbox to a later server. */
  async release(): Promise<void> {
    // What is being adopted is not given up for that; what is being started may be.
    if (this.#stage.kind === 'starting') await Promise.all(this.#unfinished);
    const stage = this.#stage;
    if (stage.kind !== 'running') return;
    this.#stage = { kind: 'idle' };
    stage.sandbox.release();
    this.#options.journal.released(stage.sandbox);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end(null);
    while (this.#unfinished.size > 0) await Promise.all(this.#unfinished);
  }

  #admit(slot: Slot, clock: StartClock): void {
    this.#slot = slot;
    this.#options.journal.admitted(clock);
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
        this.#options.journal.startGivenUp();
        return await sandbox[Symbol.asyncDispose]();
      }
      this.#options.keeping.sandboxStarted(sandbox);
      this.#options.journal.started(sandbox, clock);
      this.#run(sandbox);
    } catch (cause) {
      if (this.#stage !== stage) return this.#options.journal.startGivenUp();
      this.#options.journal.startFailed(cause, clock);
      this.end('failed');
      this.#options.failed('start-failed');
    }
  }

  async #adopt(kept: string, stage: Stage & { kind: 'starting' }): Promise<void> {
    using _turn = await this.#options.context.adoptions.take({ signal: stage.abort.signal });
    const record = readRecord(kept);
    if (record !== undefined) this.#epochs.goOnFrom(record.epoch);
    const options = { epoch: this.#epochs.last, signal: stage.abort.signal };
    const sandbox = record && (await Sandbox.adopt(record, { ...options, ...this.#sandboxOptions(options.epoch) }));
    if (sandbox === undefined)
      throw new Error('a machine of it is over, or its record is of another version of Drydock');
    if (this.#stage !== stage) return await sandbox[Symbol.asyncDispose]();
    this.#options.keeping.sandboxAdopted(sandbox, kept);
    this.#options.journal.adopted(sandbox);
    this.#run(sandbox);
  }

  #run(sandbox: Sandbox): void {
    sandbox.setWatched(this.#options.isWatched());
    void sandbox.ended.then((end) => this.#machineEnded(sandbox, end));
    this.#enter({ kind: 'running', sandbox });
  }

  /** The new one takes the old one's room; their machines overlap for as long as ending takes. */
  #replace(old: Sandbox): void {
    this.#epochs.ensure();
    this.#options.journal.reset(old);
    this.#finish(old[Symbol.asyncDispose]());
    this.#finish(this.#start(new StartClock()));
  }

  #sandboxOptions(epoch: number): Omit<SandboxOptions, 'epoch' | 'clock' | 'signal'> {
    const { driver, templates, pool, limits, metrics, recordingsFolder, onlooker, firstSurveys } =
      this.#options.context;
    const attempt = this.#options.stored.id;
    return {
      ...(onlooker && { witness: (seen) => onlooker.seen({ attempt, ...seen }) }),
      ...{
        lab: this.#options.lab(),
        driver,
        templates,
        pool,
        limits,
        metrics,
        recordingsFolder,
        firstSurveys,
        log: this.#options.log,
      },
      earned: () => this.#options.keeping.earned,
      events: {
        changed: () => {
          if (this.sandbox?.epoch === epoch) this.#options.keeping.sandboxChanged(this.sandbox);
          this.#options.changed();
        },
        earned: (step) => {
          this.#options.keeping.earn(step);
          this.#options.journal.earned(step, this.sandbox);
        },
      },
    };
  }

  #machineEnded(sandbox: Sandbox, end: SandboxEnd): void {
    if (this.sandbox !== sandbox) return;
    this.#options.journal.machineEnded(sandbox, end);
    this.end(end.cause === 'crashed' ? end.kind : 'lost');
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#options.changed();
    this.#options.context.onlooker?.stageChanged();
  }

  #finish(work: Promise<void>): void {
    const settled = work.catch((cause) => this.#options.log.error({ err: cause }, 'a sandbox did not end cleanly'));
    this.#unfinished.add(settled);
    void settled.then(() => this.#unfinished.delete(settled));
  }
}
