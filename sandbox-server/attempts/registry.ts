import { randomUUID } from 'node:crypto';
import type { Lab } from '../../labs/format/lab.ts';
import { Refusal } from '../errors.ts';
import { type Mortal, Reaper } from '../sandboxes/reaper.ts';
import { Sandbox } from '../sandboxes/sandbox.ts';
import { readRecord } from '../sandboxes/sandbox-record.ts';
import { sweepRecordings } from '../sandboxes/sweep-recordings.ts';
import { Attempt } from './attempt.ts';
import type { AttemptContext } from './attempt-context.ts';
import type { Guarded } from './memory-guard.ts';
import type { Owner } from './shares.ts';
import type { Stage } from './stage.ts';
import type { StoredAttempt } from './store.ts';

/** An attempt at rest costs nothing. */
const COUNTED_PHASES: readonly Stage['kind'][] = ['queued', 'starting', 'running'];

export interface RegistryOptions extends AttemptContext {
  readonly labs: ReadonlyMap<string, Lab>;
}

/** The attempts that somebody works on now; the others are in the store. */
export class Registry implements AsyncDisposable, Mortal {
  readonly #options: RegistryOptions;
  readonly #attempts = new Map<string, Attempt>();
  readonly #reaper = new Reaper();

  constructor(options: RegistryOptions) {
    this.#options = options;
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

  /** Goes on with what an earlier server left. Resolves when that is decided of all; whoever opens one may do so before. */
  async adopt(): Promise<void> {
    const { store, labs, recordingsFolder } = this.#options;
    const living = store.livingSandboxes();
    const ids = living.flatMap(({ record }) => readRecord(record)?.id ?? []);
    if (recordingsFolder !== null) await sweepRecordings(recordingsFolder, new Set(ids));
    const adoptions = living.map(({ attempt, record }) => {
      const lab = labs.get(attempt.lab);
      return lab ? this.#add(attempt, lab).adopt(record) : this.#abandon(attempt.id, record);
    });
    await Promise.all(adoptions);
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

  /** Of a lab that is no more. Nobody could open it, and nothing would count what it takes. */
  async #abandon(attempt: string, kept: string): Promise<void> {
    const { driver, store, log } = this.#options;
    const record = readRecord(kept);
    if (record) await Sandbox.abandon(record, driver);
    try {
      store.sandboxEnded(attempt, 'crashed');
    } catch (cause) {
      log.error({ err: cause }, 'the end of a sandbox whose lab is gone could not be written');
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
