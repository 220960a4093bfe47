import type { Known } from './known.ts';

/** A few labs, and the steps that people start at. */
const MOST_KEPT = 64;

/**
 * What there is to see before anybody has done anything is the same in all forks of a template, down to the numbers of
 * processes and sockets: one of them is surveyed, and the others' maps are there at once.
 */
export class FirstSurveys {
  readonly #known = new Map<string, Promise<Known>>();

  /** `make` is called if nobody has yet, or whoever did failed. */
  get(template: string, make: () => Promise<Known>): Promise<Known> {
    const before = this.#known.get(template);
    if (before !== undefined) return before;
    const made = make();
    this.#known.set(template, made);
    made.catch(() => this.#known.delete(template));
    for (const oldest of [...this.#known.keys()].slice(0, -MOST_KEPT)) this.#known.delete(oldest);
    return made;
  }
}
