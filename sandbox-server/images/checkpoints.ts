import { join } from 'node:path';
import type { Lab, LabStep } from '../../labs/format/lab.ts';
import { stepsBefore } from '../../labs/format/steps-before.ts';
import type { Baker } from '../machines/driver.ts';
import type { TemplateRefs } from '../machines/templates.ts';
import type { Artefacts } from './artefacts.ts';
import { bakeCheckpoint } from './bake-checkpoint.ts';
import { BakeDurations } from './bake-durations.ts';
import { hash } from './hash.ts';
import { trimCheckpoints } from './trim-checkpoints.ts';

export interface CheckpointsOptions {
  readonly artefacts: Artefacts;
  readonly baker: Baker;
  /** What they may take on disk together, in bytes. */
  readonly limitBytes: number;
  /** Called when one has to be made. */
  readonly onPrepare: (name: string) => { end(): void };
  readonly signal?: AbortSignal;
}

/** Raise it when bake-checkpoint.ts leaves machines in another state. */
const CHECKPOINT_VERSION = 2;
/** Longest that making one may take. */
const BAKE_TIMEOUT_MS = 20 * 60_000;

/** A place in a lab: so many steps solved. */
interface Place {
  readonly lab: Lab;
  /** The lab's templates. */
  readonly start: TemplateRefs;
  readonly solved: readonly LabStep[];
}

/**
 * Templates at the start of later steps, made when they are wanted, one at a time, each from the nearest earlier one
 * there is. Those used least recently go when together they exceed the limit.
 */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #durations: BakeDurations;
  readonly #underWay = new Map<string, Promise<TemplateRefs>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.#durations = new BakeDurations(options.artefacts.folderOf('checkpoints', '.'));
  }

  /** Asking again while it is made waits for the same one. */
  async at(lab: Lab, start: TemplateRefs, step: string): Promise<TemplateRefs> {
    const place = { lab, start, solved: solvedBefore(lab, step) };
    if (await this.#isThere(place)) return this.#use(place);
    const key = keyOf(place);
    const underWay = this.#underWay.get(key) ?? this.#inTurn(() => this.#make(place, step));
    this.#underWay.set(key, underWay);
    return underWay.finally(() => this.#underWay.delete(key));
  }

  async usualWaitMs(lab: Lab, start: TemplateRefs, step: string): Promise<number> {
    const place = { lab, start, solved: solvedBefore(lab, step) };
    if (await this.#isThere(place)) return 0;
    const nearest = await this.#nearest(place);
    return this.#durations.expectMs(lab.id, place.solved.slice(nearest.solved.length));
  }

  async #isThere(place: Place): Promise<boolean> {
    return place.solved.length === 0 || this.#options.artefacts.has('checkpoints', keyOf(place));
  }

  async #use(place: Place): Promise<TemplateRefs> {
    if (place.solved.length === 0) return place.start;
    await this.#options.artefacts.noteUse('checkpoints', keyOf(place));
    return this.#refs(place);
  }

  #refs(place: Place): TemplateRefs {
    const key = keyOf(place);
    const folder = this.#options.artefacts.folderOf('checkpoints', key);
    return new Map(place.lab.machines.map(({ role }) => [role, { key: `${key}/${role}`, folder: join(folder, role) }]));
  }

  async #nearest(place: Place): Promise<Place> {
    for (let count = place.solved.length - 1; count > 0; count -= 1) {
      const earlier = { ...place, solved: place.solved.slice(0, count) };
      if (await this.#isThere(earlier)) return earlier;
    }
    return { ...place, solved: [] };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  async #make(place: Place, step: string): Promise<TemplateRefs> {
    const { artefacts, limitBytes, onPrepare } = this.#options;
    const key = keyOf(place);
    await artefacts.ensure({
      kind: 'checkpoints',
      key,
      make: async (folder) => {
        const { end } = onPrepare(`${place.lab.id} at step ${step}`);
        await this.#bake(place, folder);
        end();
      },
    });
    await trimCheckpoints(artefacts, { limitBytes, keep: key });
    return this.#refs(place);
  }

  async #bake(place: Place, folder: string): Promise<void> {
    const { baker, signal } = this.#options;
    const { lab } = place;
    const startedAt = performance.now();
    const stepMs = new Map<string, number>();
    const nearest = await this.#nearest(place);
    const deadline = AbortSignal.timeout(BAKE_TIMEOUT_MS);
    await bakeCheckpoint({
      ...{ lab, baker, folder, from: await this.#use(nearest), steps: place.solved.slice(nearest.solved.length) },
      onSolved: (step, ms) => stepMs.set(step.id, ms),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    await this.#durations.remember(lab.id, { totalMs: performance.now() - startedAt, stepMs });
  }
}

/** A step without a solution changes nothing: where it ends is where it started. */
function solvedBefore(lab: Lab, step: string): readonly LabStep[] {
  const before = stepsBefore(lab, step);
  if (before === undefined) throw new Error(`Lab ${lab.id} has no step "${step}".`);
  return before.filter(({ solution }) => solution.length > 0);
}

/** Texts and checks are not in it: editing them makes no other machine. Where secrets lie is: throw-away ones lie there. */
function keyOf({ lab, start, solved }: Place): string {
  const templates = [...start].map(([role, { key }]) => [role, key]);
  const secrets = lab.machines.map((machine) => machine.secrets);
  const lines = solved.map(({ solution }) => solution);
  const parts = [`checkpoint ${CHECKPOINT_VERSION}`, templates, secrets, lines].map((part) => JSON.stringify(part));
  return `${lab.id}-${solved.length}-${hash(...parts)}`;
}
