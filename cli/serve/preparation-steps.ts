import type { Preparation, PreparationStage } from '../../sandbox-server/images/templates.ts';
import { explainFailure } from '../preflight/explain-failure.mjs';
import type { Progress, Report } from '../progress/progress.mjs';
import { requireFreeSpace } from './free-space.ts';

const GIB = 1024 ** 3;

/** The seconds are for two emulated cores and a near mirror; `remaining` counts the stage and those that must follow. */
export const STAGES: Readonly<
  Record<
    PreparationStage,
    { title(name: string): string; expectedSeconds: number; remaining: number; neededBytes: number }
  >
> = {
  image: {
    title: (name) => `Building the machine image ${name}, once`,
    expectedSeconds: 60,
    remaining: 3,
    neededBytes: 3 * GIB,
  },
  runner: {
    title: () => 'Building the container image that machines run in, once',
    expectedSeconds: 20,
    remaining: 4,
    neededBytes: GIB,
  },
  deliver: {
    title: (name) => `Bringing ${name} to the Docker Engine, once`,
    expectedSeconds: 10,
    remaining: 1,
    neededBytes: 0,
  },
  base: {
    title: () => 'Booting and freezing a first machine, once',
    expectedSeconds: 90,
    remaining: 2,
    neededBytes: 1.5 * GIB,
  },
  lab: { title: (name) => `Preparing the lab ${name}, once`, expectedSeconds: 20, remaining: 1, neededBytes: GIB },
  checkpoint: { title: (name) => `Preparing ${name}, once`, expectedSeconds: 20, remaining: 1, neededBytes: GIB },
};

/** What is prepared later, for somebody on a page, is shown there. */
const UNSEEN: Preparation = { report: () => {}, end: () => {} };

/** Shows whatever the images and templates still need to have done as steps of a command's progress. */
export class PreparationSteps {
  readonly #progress: Progress;
  readonly #cacheFolder: string;
  #announced = 0;
  #isWatched = false;
  #current: { readonly title: string; fail(cause: unknown): void } | undefined;

  constructor(progress: Progress, cacheFolder: string) {
    this.#progress = progress;
    this.#cacheFolder = cacheFolder;
  }

  /** For TemplatesOptions; one thing is prepared at a time. Tells nobody but in during(). */
  readonly onPrepare = (stage: PreparationStage, name: string): Preparation => {
    if (!this.#isWatched) return UNSEEN;
    const { title, expectedSeconds, remaining, neededBytes } = STAGES[stage];
    requireFreeSpace(this.#cacheFolder, neededBytes);
    this.#progress.expect(Math.max(0, remaining - this.#announced));
    this.#announced = Math.max(remaining, this.#announced) - 1;
    return this.#show({ id: `prepare ${stage} ${name}`, title: title(name), expectedSeconds });
  };

  #show(step: { id: string; title: string; expectedSeconds: number }): Preparation {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let report: Report = () => {};
    const shown = this.#progress.step(step, (tell) => {
      report = tell;
      return promise;
    });
    // What it rejects with comes from during(), whose caller hears of it.
    shown.catch(() => {});
    this.#current = { title: step.title, fail: reject };
    const end = () => {
      this.#current = undefined;
      resolve();
    };
    return { report: (line) => report(line), end };
  }

  /** Runs what may call onPrepare. When that fails, so does the step it was at, and the error says which that was. */
  async during<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#isWatched = true;
    try {
      return await work();
    } catch (cause) {
      const step = this.#current;
      if (step === undefined || signal.aborted || !(cause instanceof Error)) throw cause;
      step.fail(cause);
      throw explainFailure(`"${step.title}" failed`, cause.message);
    } finally {
      this.#isWatched = false;
    }
  }
}
