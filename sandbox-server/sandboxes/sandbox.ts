import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab, LabQuestion, LabStep } from '../../labs/format/lab.ts';
import type { HostMap } from '../../protocol/host-map.ts';
import type { StepState } from '../../protocol/state.ts';
import { Examiner } from '../checks/examiner.ts';
import type { Mark } from '../checks/mark.ts';
import { sheetAt } from '../checks/sheet.ts';
import type { Subject, Witness } from '../checks/witness.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Driver, ForkPart, Machine, MachineEnd, RunRequest, RunResult } from '../machines/driver.ts';
import type { TemplateRefs, Templates } from '../machines/templates.ts';
import type { FirstSurveys } from '../map/first-surveys.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Condition } from './condition.ts';
import { forkMachines, valueOrThrow } from './fork-machines.ts';
import { Lifetime, type LifetimeLimits } from './lifetime.ts';
import { makeTerminals } from './make-terminals.ts';
import { MapKeeper } from './map-keeper.ts';
import type { Pool } from './pool.ts';
import { Rest } from './rest.ts';
import { type SandboxRecord, writeRecord } from './sandbox-record.ts';
import type { StartClock } from './start-clock.ts';
import type { Terminal } from './terminal.ts';

export interface SandboxEvents {
  /** A shell ended or started, a check has a new answer, the map is another, or a first line has been entered. */
  changed(): void;
  earned(step: string): void;
}

export type SandboxLimits = LifetimeLimits & Pick<Config, 'terminalHistoryBytes' | 'checkTimeoutMs' | 'pauseAfterMs'>;

export interface SandboxOptions {
  readonly lab: Lab;
  readonly epoch: number;
  readonly driver: Driver;
  readonly templates: Templates;
  /** Asked before anything is forked. */
  readonly pool: Pick<Pool, 'noteStart' | 'take'>;
  readonly limits: SandboxLimits;
  readonly events: SandboxEvents;
  /** Where terminals are kept for a later server; null where there will be none. */
  readonly recordingsFolder: string | null;
  /** Steps the attempt has earned so far, in whichever sandbox. */
  readonly earned: () => ReadonlySet<string>;
  /** Maps of what nobody has touched, by template. */
  readonly firstSurveys: FirstSurveys;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Told of every script that was run. Default: nobody. */
  readonly witness?: Witness | undefined;
  /** Told which parts of the start are over. */
  readonly clock: StartClock;
  readonly signal: AbortSignal;
  /** Where it starts; default: at the beginning. */
  readonly step?: string | undefined;
}

/** What an earlier server knew of a sandbox, or a fresh one begins with. */
type Beginning = Pick<SandboxRecord, 'id' | 'secrets'> & Partial<SandboxRecord> & { readonly refs?: TemplateRefs };

export type SandboxEnd = MachineEnd & { readonly machine: string };

/** A server that is there ends a sandbox itself, and says so. */
const ORPHAN_GRACE_MS = 15_000;
/** What a terminal may have printed unread, one window, comes in far less. */
export const CATCH_UP_PATIENCE_MS = 10_000;

/** The machines and terminals of one attempt. Disposing ends them; nothing of them is left, unless they were released. */
export class Sandbox implements AsyncDisposable {
  readonly id: string;
  readonly epoch: number;
  readonly lifetime: Lifetime;
  /** The lab as it was when the machines were made. */
  readonly madeFrom: Lab;
  /** What its machines were forked from; undefined where an earlier server did that. */
  readonly refs: TemplateRefs | undefined;
  /** In the order of the lab; a binary frame names one by its index. */
  readonly terminals: readonly Terminal[];
  /** Resolves when the first of its machines has ended, whoever ended it. */
  readonly ended: Promise<SandboxEnd>;
  readonly condition: Condition;
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #examiner: Examiner;
  readonly #maps: MapKeeper;
  readonly #rest: Rest;
  readonly #pauseAfterMs: number;
  readonly #secrets: Readonly<Record<string, string>>;
  readonly #recordings: string | null;
  #hasActed: boolean;

  /** With machines that stand ready, or forked now. A failed start frees what it took and rethrows the first cause. */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const { lab, driver, templates, pool, metrics, clock, signal, step } = options;
    const refs = await templates.forLab(lab, step);
    clock.mark('templates');
    using _start = pool.noteStart(step === undefined ? lab : undefined);
    const onPart = (part: ForkPart) => clock.mark(part);
    const taken = await pool.take(lab, refs, signal);
    if (taken) {
      clock.mark('wake');
      clock.from = 'pool';
    }
    const { machines, ...own } = taken ?? (await forkMachines(refs, { lab, driver, metrics, signal, onPart }));
    await using started = new AsyncDisposableStack();
    for (const machine of machines.values()) started.use(machine);
    const sheet = step === undefined ? {} : { sheet: sheetAt(lab, step) };
    const sandbox = new Sandbox({ ...own, ...sheet, refs }, machines, options);
    started.move();
    return sandbox;
  }

  /** Goes on with what an earlier server left. `undefined`, and nothing is left of it, when any machine is over. */
  static async adopt(record: SandboxRecord, options: Omit<SandboxOptions, 'clock'>): Promise<Sandbox | undefined> {
    const { lab, driver, signal } = options;
    await using adopted = new AsyncDisposableStack();
    // Those of a role, too, that the lab had then and has no more: they end with the sandbox.
    const adoptions = Object.entries(record.machines).map(async ([role, kept]) => {
      const machine = await driver.adopt(kept, signal);
      return [role, machine && adopted.use(machine)] as const;
    });
    const found = (await Promise.allSettled(adoptions)).map(valueOrThrow);
    signal.throwIfAborted();
    const machines = new Map(found.flatMap(([role, machine]) => (machine ? [[role, machine] as const] : [])));
    const { recordingsFolder } = options;
    if (recordingsFolder !== null) adopted.defer(() => forget(join(recordingsFolder, record.id)));
    if (machines.size < found.length || lab.machines.some(({ role }) => !machines.has(role))) return undefined;
    const sandbox = new Sandbox(record, machines, options);
    adopted.defer(() => sandbox.#stop());
    await sandbox.#catchUp(signal);
    adopted.move();
    return sandbox;
  }

  private constructor(
    { id, secrets, deadline, latest, sheet, refs, hasActed = false }: Beginning,
    machines: ReadonlyMap<string, Machine>,
    options: Omit<SandboxOptions, 'clock' | 'signal'>,
  ) {
    this.id = id;
    this.epoch = options.epoch;
    this.madeFrom = options.lab;
    this.refs = refs;
    const life = deadline === undefined || latest === undefined ? undefined : { deadline, latest };
    this.lifetime = new Lifetime(options.limits, life);
    this.#machines = machines;
    this.#rest = new Rest([...machines.values()]);
    this.#pauseAfterMs = options.limits.pauseAfterMs;
    this.#secrets = secrets;
    this.#hasActed = hasActed;
    this.#examiner = new Examiner({
      lab: options.lab,
      kit: options.lab.kit,
      secrets: new Map(Object.entries(secrets)),
      ...(sheet && { sheet }),
      checkTimeoutMs: options.limits.checkTimeoutMs,
      log: options.log.child({ sandbox: id }),
      metrics: options.metrics,
      run: (role, request) => this.run(role, request),
      earned: options.earned,
      onEarned: (step) => options.events.earned(step),
      onChange: () => this.#maps.review(),
      couldNotAsk: (role) => this.condition.noteDoubt(role),
      witness: options.witness,
    });
    const onRecovery = () => this.#examiner.askAgain();
    this.condition = new Condition({ machines, onChange: () => options.events.changed(), onRecovery });
    this.#maps = new MapKeeper(options, {
      ...{ refs, hasActed: () => this.#hasActed, isHeld: () => this.#examiner.isJudging },
      steps: () => this.#examiner.states(),
      run: (role, request) => this.run(role, request),
    });
    this.#recordings = options.recordingsFolder && join(options.recordingsFolder, id);
    this.terminals = makeTerminals(
      machines,
      { ...options, recordings: this.#recordings },
      {
        // Until somebody enters a line, nothing in the machine is their doing.
        activity: (role) => this.#hasActed && this.#noteActivity(role),
        lineEntered: () => this.#noteAct(options.events),
      },
    );
    // While nobody looked after it, anything may have happened.
    if (hasActed) for (const role of machines.keys()) this.#noteActivity(role);
    const ends = [...machines.values()].map(async ({ id: machine, ended }) => ({ ...(await ended), machine }));
    this.ended = Promise.race(ends);
  }

  get machineIds(): string[] {
    return [...this.#machines.values()].map((machine) => machine.id);
  }

  run(role: string, request: RunRequest): Promise<RunResult> {
    const machine = this.#machines.get(role);
    if (machine === undefined) return Promise.reject(new TypeError(`This sandbox has no machine "${role}".`));
    return machine.run(request);
  }

  /** What holds in this sandbox now. */
  steps(): StepState[] {
    return this.#examiner.states();
  }

  /** Who can give orders to its daemons, as far as that may be told; null before it is known. */
  get map(): HostMap | null {
    return this.#maps.map;
  }

  /** Runs a step's checks now and, when they hold, its verdict. */
  check(step: LabStep): void {
    this.#examiner.demand(step);
  }

  /** The lab's author has changed it: its questions are asked as they are now. Machines stay what they are. */
  revise(lab: Lab): void {
    this.#examiner.revise(lab);
    this.#maps.revise(lab);
  }

  /** Runs one script of the lab now, for its author. */
  probe(subject: Subject): void {
    this.#examiner.probe(subject);
  }

  /** Whether an answer is right, which its machine may be asked. Rejects when the sandbox is over first. */
  mark(question: LabQuestion, answer: string): Promise<Mark> {
    return this.#examiner.mark(question, answer);
  }

  /** Whether anybody looks; checks run by themselves only then, and machines may rest only else. */
  setWatched(isWatched: boolean): void {
    // What it rejects with is the end of a machine, which is told otherwise.
    this.#rest.setWatched(isWatched).catch(() => {});
    this.#examiner.setWatched(isWatched);
    this.condition.setWatched(isWatched);
    this.#maps.setWatched(isWatched);
  }

  get isPaused(): boolean {
    return this.#rest.isPaused;
  }

  /** To be called often: pauses what nobody looks at and what has nothing to do, at once when that is pressing. */
  rest(now: number, { isPressing = false } = {}): void {
    const afterMs = isPressing ? Math.min(1, this.#pauseAfterMs) : this.#pauseAfterMs;
    if (afterMs > 0) this.#rest.look(now, afterMs).catch(() => {});
  }

  /** What its machines share with nobody, as far as that is known. */
  async memoryBytes(): Promise<number> {
    const usages = await Promise.all([...this.#machines.values()].map((machine) => machine.usage()));
    return usages.reduce((sum, usage) => sum + (usage?.memoryBytes ?? 0), 0);
  }

  /** What a later server adopts it by, as text. */
  get record(): string {
    const { deadline, latest } = this.lifetime;
    return writeRecord({
      ...{ id: this.id, epoch: this.epoch, secrets: this.#secrets, deadline, latest },
      machines: Object.fromEntries([...this.#machines].map(([role, { record }]) => [role, record])),
      sheet: this.#examiner.record,
      hasActed: this.#hasActed,
    });
  }

  /** From now on its machines outlive this server, until the sandbox's deadline. To be said again when that moves. */
  outliveServer(): void {
    for (const machine of this.#machines.values()) machine.liveUntil(this.lifetime.deadline + ORPHAN_GRACE_MS);
  }

  /** Leaves it to a later server. */
  release(): void {
    this.#stop();
    for (const machine of this.#machines.values()) machine.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await Promise.all([...this.#machines.values()].map((machine) => machine[Symbol.asyncDispose]()));
    if (this.#recordings !== null) await forget(this.#recordings);
  }

  /** How much its terminals have printed is what the guest says: nobody waits for it for ever. */
  async #catchUp(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const patience = setTimeout(() => over.abort(), CATCH_UP_PATIENCE_MS);
    const caughtUp = Promise.all(this.terminals.map((terminal) => terminal.caughtUp));
    await Promise.race([caughtUp, this.ended, once(AbortSignal.any([signal, over.signal]), 'abort')]);
    clearTimeout(patience);
    signal.throwIfAborted();
  }

  #stop(): void {
    this.#examiner[Symbol.dispose]();
    this.condition[Symbol.dispose]();
    this.#maps[Symbol.dispose]();
    for (const terminal of this.terminals) terminal[Symbol.dispose]();
  }

  #noteActivity(role: string): void {
    this.#examiner.noteActivity();
    this.condition.noteActivity();
    this.#maps.noteActivity(role);
  }

  #noteAct({ changed }: SandboxEvents): void {
    if (this.#hasActed) return;
    this.#hasActed = true;
    changed();
  }
}

/** What a sandbox printed is nobody's any more. */
function forget(recordings: string): Promise<void> {
  return rm(recordings, { recursive: true, force: true });
}
