import type { EndReason } from '../../protocol/troubles.ts';
import { Refusal } from '../errors.ts';
import type { Sandbox } from '../sandboxes/sandbox.ts';
import type { Journal } from './journal.ts';
import type { Store, StoredAnswer } from './store.ts';

export interface KeepingOptions {
  readonly attempt: string;
  readonly store: Store;
  readonly journal: Journal;
}

type Write = (store: Store, attempt: string) => void;

/**
 * What outlives the server of one attempt: what was earned and answered, and what a later server finds the sandbox by. A
 * full disk costs what is not kept, not the machines: learners can fill it. What a learner did meanwhile is written once
 * there is room, if anything of theirs still goes on then.
 */
export class Keeping {
  readonly #options: KeepingOptions;
  readonly #earned: Set<string>;
  /** What a later server would find of the sandbox, as it was last written; `undefined` while it would find none. */
  #record: string | undefined;
  /** What a learner did and could not be written, oldest first. */
  #unkept: readonly Write[] = [];

  constructor(options: KeepingOptions) {
    this.#options = options;
    this.#earned = new Set(options.store.earnedSteps(options.attempt));
  }

  get earned(): ReadonlySet<string> {
    return this.#earned;
  }

  earn(step: string): void {
    this.#earned.add(step);
    this.#writeOrLater((store, attempt) => store.earn(attempt, step));
  }

  get answers(): readonly StoredAnswer[] {
    return this.#options.store.answers(this.#options.attempt);
  }

  answered(answer: StoredAnswer): void {
    this.#writeOrLater((store, attempt) => store.answered(attempt, answer));
  }

  helpShown(step: string, what: string): void {
    this.#writeOrLater((store, attempt) => store.helpShown(attempt, step, what));
  }

  /** Refuses where a sandbox could be given a number that another one has. */
  reserveEpochs(upTo: number): void {
    if (!this.#write((store, attempt) => store.reserveEpochs(attempt, upTo))) throw new Refusal('cannot-keep');
  }

  sandboxStarted(sandbox: Sandbox): void {
    this.#record = undefined;
    this.#keep(sandbox);
  }

  sandboxAdopted(sandbox: Sandbox, record: string): void {
    this.#record = record;
    // The earlier server may have died between writing a deadline down and telling the machines.
    sandbox.outliveServer();
  }

  /** Written when anything of it is not as it was. */
  sandboxChanged(sandbox: Sandbox): void {
    const { record } = sandbox;
    this.#writeUnkept();
    if (this.#record === undefined) this.#keep(sandbox);
    else if (record !== this.#record && this.#write((store, attempt) => store.sandboxChanged(attempt, record))) {
      this.#record = record;
    }
  }

  /** It has another deadline. */
  sandboxExtended(sandbox: Sandbox): void {
    this.sandboxChanged(sandbox);
    if (this.#record !== undefined) sandbox.outliveServer();
  }

  /** `null`: it ended with the server. */
  sandboxEnded(reason: EndReason | null): void {
    this.#writeUnkept();
    this.#write((store, attempt) => store.sandboxEnded(attempt, reason));
  }

  /** What no later server could find must end with this one. */
  #keep(sandbox: Sandbox): void {
    const { record } = sandbox;
    if (!this.#write((store, attempt) => store.sandboxStarted(attempt, record))) return;
    this.#record = record;
    sandbox.outliveServer();
  }

  #writeOrLater(write: Write): void {
    this.#unkept = [...this.#unkept, write];
    this.#writeUnkept();
  }

  #writeUnkept(): void {
    for (let [first] = this.#unkept; first !== undefined && this.#write(first); [first] = this.#unkept) {
      this.#unkept = this.#unkept.slice(1);
    }
  }

  /** False when it could not be. */
  #write(write: Write): boolean {
    try {
      write(this.#options.store, this.#options.attempt);
      return true;
    } catch (cause) {
      this.#options.journal.notKept(cause);
      return false;
    }
  }
}
