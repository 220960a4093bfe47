import { randomUUID } from 'node:crypto';
import type { Lab } from '../../labs/format/lab.ts';
import { Refusal } from '../errors.ts';
import { FirstSurveys } from '../map/first-surveys.ts';
import { type Mortal, Reaper } from '../sandboxes/reaper.ts';
import { readRecord } from '../sandboxes/sandbox-record.ts';
import { sweepRecordings } from '../sandboxes/sweep-recordings.ts';
import { Turns } from '../turns.ts';
import { Attempt } from './attempt.ts';
import type { AttemptContext } from './attempt-context.ts';
import { Bakes } from './bakes.ts';
import type { Guarded } from './memory-guard.ts';
import type { Owner } from './shares.ts';
import type { Stage } from './stage.ts';
import type { LeftSandbox, StoredAttempt } from './store.ts';

/** An attempt at rest costs nothing. */
const COUNTED_PHASES: readonly Stage['kind'][] = ['queued', 'starting', 'running'];

/** An adoption is mostly waiting, but for the guest's part. */
export const ADOPTIONS_AT_ONCE = 8;

export interface RegistryOptions extends Omit<AttemptContext, 'adoptions' | 'bakes' | 'firstSurveys'> {
  readonly labs: ReadonlyMap<string, Lab>;
}

/** The attempts that somebody works on now; the others are in the store. */
export class Registry implements AsyncDisposable, Mortal {
  readonly #options: RegistryOptions & AttemptContext;
  readonly #attempts = new Map<string, Attempt>();
  readonly #reaper = new Reaper();

  constructor(options: RegistryOptions) {
    const shared = { bakes: new Bakes(options), firstSurveys: new FirstSurveys() };
    this.#options = { ...options, ...shared, adoptions: new Turns(ADOPTIONS_AT_ONCE) };
    this.#reaper.watch(this);
  }

  /** The learner's one attempt at a lab. */
  open(owner: Owner, labId: string): Attempt {
    const lab = this.#options.labs.get(labId);
    if (lab === undefined) throw new Refusal('lab-unknown');
    const stored = this.#options.store.openAttempt(randomUUID(), owner.learner, labId);
    const attempt = this.#attempts.get(stored.id) ?? this.#add(stored, lab);
    attempt.openedFrom(owner.address);
    return attempt;
  }

  /** A learner's attempt at a lab, or the one begun last, if somebody works on it now. */
  find(learner: string | undefined, labId: string): Attempt | undefined {
    const attempts = [...this.#attempts.values()].filter(({ lab }) => lab.id === labId);
    return learner === undefined ? attempts.at(-1) : attempts.find((attempt) => attempt.isOf(learner));
  }

  /** A lab's author has changed it; `labs` has it already. */
  revise(lab: Lab): void {
    for (const attempt of this.#attempts.values()) if (attempt.lab.id === lab.id) attempt.revise(lab);
  }

  /** Goes on with what an earlier server left. Resolves when that is decided of all; whoever opens one may do so before. */
  async adopt(): Promise<void> {
    const { store, labs, recordingsFolder } = this.#options;
    const living = store.livingSandboxes();
    const ids = living.flatMap(({ record }) => readRecord(record)?.id ?? []);
    const known = living.filter(({ record }) => readRecord(record) !== undefined);
    const adoptions = known.flatMap(({ attempt, record }) => {
      const lab = labs.get(attempt.lab);
      return lab ? [this.#add(attempt, lab).adopt(record)] : [];
    });
    const unknown = living.filter((one) => !known.includes(one));
    const homeless = known.filter(({ attempt }) => !labs.has(attempt.lab));
    const ends = [
      this.#abandon(unknown, 'their records are of another version of Drydock'),
      this.#abandon(homeless, 'their labs are gone'),
    ];
    if (recordingsFolder !== null) await sweepRecordings(recordingsFolder, new Set(ids));
    await Promise.all([...adoptions, ...ends]);
  }

  /** Leaves all sandboxes to a later server. */
  async release(): Promise<void> {
    await Promise.all([...this.#attempts.values()].map((attempt) => attempt.release()));
  }

  /** How many attempts of each lab stand where; those at rest are left out. */
  phases(): { lab: string; phase: Stage['kind']; count: number }[] {
    const attempts = [...this.#attempts.values()];
    return [...this.#options.labs.keys()].flatMap((lab) =>
      COUNTED_PHASES.map((phase) => ({
        ...{ lab, phase },
        count: attempts.filter((attempt) => attempt.lab.id === lab && attempt.phase === phase).length,
      })),
    );
  }

  /** Every sandbox that runs, for whoever looks after memory. */
  guarded(): Guarded[] {
    return [...this.#attempts.values()].flatMap((attempt) => {
      const { sandbox } = attempt;
      if (sandbox === undefined) return [];
      return {
        machines: attempt.lab.machines.length,
        memoryBytes: () => sandbox.memoryBytes(),
        restSoon: (now: number) => sandbox.rest(now, { isPressing: true }),
        // Another one may be there by then.
        endForMemory: () => {
          if (attempt.sandbox === sandbox) attempt.endForMemory();
        },
      };
    });
  }

  /** How many sandboxes are paused. */
  get paused(): number {
    return [...this.#attempts.values()].filter(({ sandbox }) => sandbox?.isPaused).length;
  }

  expire(now: number): void {
    for (const attempt of this.#attempts.values()) {
      attempt.expire(now);
      if (attempt.isForgettable(now)) this.#attempts.delete(attempt.id);
    }
  }

  /** What nobody can go on with. Left to themselves, its machines would take room that nothing counts. */
  async #abandon(left: readonly LeftSandbox[], why: string): Promise<void> {
    if (left.length === 0) return;
    const { driver, store, admission, log } = this.#options;
    const slots = left.map(() => admission.claim());
    try {
      // First: somebody may open one of these attempts while the machines end.
      for (const { attempt } of left) store.sandboxEnded(attempt.id, 'server');
    } catch (cause) {
      log.error({ err: cause }, 'the store could not be written: is its disk full?');
    }
    try {
      const machines = await driver.endNamed(left.map(({ record }) => record).join('\n'));
      log.warn({ sandboxes: left.length, machines, why }, 'sandboxes of an earlier server were ended');
    } catch (cause) {
      log.error({ err: cause, why }, 'sandboxes of an earlier server could not be ended');
    } finally {
      for (const slot of slots) slot[Symbol.dispose]();
    }
  }

  #add(stored: StoredAttempt, lab: Lab): Attempt {
    const attempt = new Attempt(stored, lab, this.#options);
    this.#attempts.set(stored.id, attempt);
    return attempt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reaper[Symbol.dispose]();
    await Promise.all([...this.#attempts.values()].map((attempt) => attempt[Symbol.asyncDispose]()));
    this.#attempts.clear();
  }
}
