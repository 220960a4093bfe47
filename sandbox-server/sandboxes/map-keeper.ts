import type { Lab } from '../../labs/format/lab.ts';
import type { HostMap } from '../../protocol/host-map.ts';
import type { StepState } from '../../protocol/state.ts';
import type { TemplateRefs } from '../machines/templates.ts';
import { Surveyor, type SurveyorOptions } from '../map/surveyor.ts';
import type { SandboxOptions } from './sandbox.ts';

export interface MapKeeperFacts extends Pick<SurveyorOptions, 'hasActed' | 'isHeld' | 'run'> {
  /** What the machines were forked from; undefined where an earlier server did that. */
  readonly refs: TemplateRefs | undefined;
  steps(): readonly StepState[];
}

/** The map of one sandbox: none is made while its lab withholds it. */
export class MapKeeper implements Disposable {
  readonly #surveyor: Surveyor;
  readonly #facts: MapKeeperFacts;
  readonly #changed: () => void;
  #lab: Lab;
  #isWatched = false;
  #wasWithheld = true;

  constructor(
    {
      lab,
      log,
      metrics,
      firstSurveys,
      events,
    }: Pick<SandboxOptions, 'lab' | 'log' | 'metrics' | 'firstSurveys' | 'events'>,
    facts: MapKeeperFacts,
  ) {
    this.#lab = lab;
    this.#facts = facts;
    this.#changed = () => events.changed();
    const template = facts.refs && [...facts.refs.values()].map(({ key }) => key).join(' ');
    const { hasActed, isHeld, run } = facts;
    this.#surveyor = new Surveyor({
      ...{ lab, template, firstSurveys, log, metrics, hasActed, isHeld, run },
      onChange: this.#changed,
    });
  }

  get map(): HostMap | null {
    const after = this.#withheldUntil;
    return after === undefined ? this.#surveyor.map : { kind: 'withheld', after };
  }

  noteActivity(role: string): void {
    if (!this.#wasWithheld) this.#surveyor.noteActivity(role);
  }

  setWatched(isWatched: boolean): void {
    this.#isWatched = isWatched;
    this.#follow();
  }

  /** The lab's author has changed it. */
  revise(lab: Lab): void {
    this.#lab = lab;
    this.#follow();
  }

  /** What holds in the sandbox is not what it was. */
  review(): void {
    if (this.#wasWithheld) this.#follow();
    this.#changed();
  }

  [Symbol.dispose](): void {
    this.#surveyor[Symbol.dispose]();
  }

  #follow(): void {
    this.#wasWithheld = this.#withheldUntil !== undefined;
    this.#surveyor.setWatched(this.#isWatched && !this.#wasWithheld);
  }

  get #withheldUntil(): string | undefined {
    const { mapAfter } = this.#lab;
    const step = this.#facts.steps().find(({ id }) => id === mapAfter);
    return step === undefined || step.earned || step.prepared ? undefined : step.id;
  }
}
