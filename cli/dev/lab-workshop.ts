import type { Lab } from '../../labs/format/lab.ts';
import { LabFormatError } from '../../labs/format/problem.ts';
import type { LabShelf, Revision } from './lab-shelf.ts';

export interface LabWorkshopOptions {
  readonly shelf: LabShelf;
  /** Makes what the next sandbox of the lab is forked from; true where that is something new. */
  prepare(lab: Lab): Promise<boolean>;
  /** Has the sandboxes of the lab go on with it. */
  revise(lab: Lab): void;
  /** What panels show has changed. */
  changed(): void;
  /** For the terminal. */
  say(text: string): void;
}

const NEWS: Readonly<Record<Exclude<Revision['kind'], 'same' | 'wrong'>, string>> = {
  new: 'a new lab.',
  changed: 'changed, and in force.',
  mended: 'right again, and as it was.',
  gone: 'its files are gone. Sandboxes that run go on.',
};

/** What happens when somebody saves a file of a lab. */
export class LabWorkshop {
  readonly #options: LabWorkshopOptions;

  constructor(options: LabWorkshopOptions) {
    this.#options = options;
  }

  /** Once the server runs: says what is wrong already, and has the machines of all labs made. */
  open(): void {
    const { shelf } = this.#options;
    for (const id of shelf.ids) if (shelf.problemsOf(id).length > 0) this.#tellWrong(id);
    for (const lab of shelf.labs.values()) void this.#options.prepare(lab);
  }

  /** Ids of labs, or null for all of them. */
  filesChanged(ids: readonly string[] | null): void {
    const { shelf } = this.#options;
    for (const id of ids ?? shelf.ids) this.#apply(shelf.read(id));
    this.#options.changed();
  }

  #apply({ id, kind }: Revision): void {
    const lab = this.#options.shelf.labs.get(id);
    if (kind === 'wrong') this.#tellWrong(id);
    else if (kind !== 'same') this.#options.say(`${id}: ${NEWS[kind]}`);
    if (lab === undefined || (kind !== 'new' && kind !== 'changed')) return;
    this.#options.revise(lab);
    void this.#options.prepare(lab).then((isNew) => {
      if (isNew && kind === 'changed')
        this.#options.say(`${id}: its machines are made in another way now. Reset gets one.`);
    });
  }

  #tellWrong(id: string): void {
    const { shelf, say } = this.#options;
    const inForce = shelf.labs.has(id) ? 'as it was before stays in force' : 'is left out until they are right';
    say(`${new LabFormatError(shelf.problemsOf(id)).message}\n\nThe lab ${id} ${inForce}.`);
  }
}
