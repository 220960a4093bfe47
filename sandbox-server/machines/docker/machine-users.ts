import { randomInt } from 'node:crypto';

/** As the local driver's: above every range that systems hand out. An engine that maps users knows none that high. */
const UNMAPPED = { first: 1_900_000_000, count: 65_536 } as const;
/** Of the 65,536 that an engine maps, those above what an image may use itself. */
const MAPPED = { first: 20_000, count: 40_000 } as const;

/** Whether it is a machine's on any engine. */
export const isMachineUser = (user: number): boolean =>
  [UNMAPPED, MAPPED].some(({ first, count }) => user >= first && user < first + count);

/**
 * A user per container, so that what breaks out of two containers are two users of the engine's host. Which others there
 * are is known for this process only: two servers on one engine may, rarely, give the same one.
 */
export class MachineUsers {
  readonly #range: { readonly first: number; readonly count: number };
  readonly #taken = new Set<number>();

  /** `mapped`: the engine is rootless, or maps users. */
  constructor({ mapped }: { readonly mapped: boolean }) {
    this.#range = mapped ? MAPPED : UNMAPPED;
  }

  take(): number {
    const { first, count } = this.#range;
    let user: number;
    do user = first + randomInt(count);
    while (this.#taken.has(user));
    this.#taken.add(user);
    return user;
  }

  free(user: number): void {
    this.#taken.delete(user);
  }
}
