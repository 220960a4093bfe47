import type { Sandbox } from '../sandboxes/sandbox.ts';
import type { Journal } from './journal.ts';
import type { EndReason, Store } from './store.ts';

export interface KeepingOptions {
  readonly attempt: string;
  readonly store: Store;
  readonly journal: Journal;
}

/**
 * What outlives the server of one attempt: what was earned, and what a later server finds the sandbox by. A full disk
 * costs what is not kept, not the machines: learners can fill it.
 */
export class Keeping {
  readonly #options: KeepingOptions;
  readonly #earned: Set<string>;
  /** What a later server would find of the sandbox, as it was last written. */
  #record: string | undefined;

  constructor(options: KeepingOptions) {
    this.#options = options;
    this.#earned = new Set(options.store.earnedSteps(options.attempt));
  }

  get earned(): ReadonlySet<string> {
    return this.#earned;
  }

  earn(step: string): void {
    this.#earned.add(step);
    this.#write((store, attempt) => store.earn(attempt, step));
  }

  helpShown(step: string, what: string): void {
    this.#write((store, attempt) => store.helpShown(attempt, step, what));
  }

  /** What no later server could find must end with this one. */
  sandboxStarted(sandbox: Sandbox): void {
    const { record, epoch } = sandbox;
    this.#record = record;
    if (this.#write((store, attempt) => store.sandboxStarted(attempt, epoch, record))) sandbox.outliveServer();
  }

  sandboxAdopted(record: string): void {
    this.#record = record;
  }

  /** Written when anything of it is not as it was. */
  sandboxChanged({ record }: Sandbox): void {
    if (record === this.#record) return;
    this.#record = record;
    this.#write((store, attempt) => store.sandboxChanged(attempt, record));
  }

  /** `null`: it ended with the server. */
  sandboxEnded(reason: EndReason | null): void {
    this.#write((store, attempt) => store.sandboxEnded(attempt, reason));
  }

  /** False when it could not be. */
  #write(write: (store: Store, attempt: string) => void): boolean {
    try {
      write(this.#options.store, this.#options.attempt);
      return true;
    } catch (cause) {
      this.#options.journal.notKept(cause);
      return false;
    }
  }
}
