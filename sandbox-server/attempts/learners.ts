import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Store } from './store.ts';

const TOKEN_BYTES = 32;

export interface Learner {
  readonly id: string;
  /** Set only when it was just made: the browser has to be given its cookie. */
  readonly newToken?: string;
}

/** Who a browser is: nobody signs in, a cookie with a random token is all there is. Only its hash is kept. */
export class Learners {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  find(token: string | undefined): string | undefined {
    return token === undefined ? undefined : this.#store.learnerByToken(hash(token));
  }

  /** A full disk is no reason to turn somebody away whom we know; /healthz tells of it. */
  #noteSeen(id: string, now: number): void {
    try {
      this.#store.learnerSeen(id, now);
    } catch {}
  }

  findOrMake(token: string | undefined, now = Date.now()): Learner {
    const known = this.find(token);
    if (known !== undefined) {
      this.#noteSeen(known, now);
      return { id: known };
    }
    const id = randomUUID();
    const newToken = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#store.addLearner(id, hash(newToken));
    return { id, newToken };
  }
}

/** No salt: the token is 256 random bits, there is nothing to guess. */
function hash(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
