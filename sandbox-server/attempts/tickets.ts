import { randomBytes } from 'node:crypto';

const TICKET_BYTES = 32;

interface Pass<T> {
  readonly holder: T;
  readonly expiresAt: number;
}

/** Single-use, short-lived passes: each opens one WebSocket for what it was issued for. */
export class Tickets<T> {
  readonly #lifetimeMs: number;
  /** Insertion order is order of expiry, because all live equally long. */
  readonly #passes = new Map<string, Pass<T>>();

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  issue(holder: T, now = Date.now()): string {
    this.#forgetExpired(now);
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    this.#passes.set(ticket, { holder, expiresAt: now + this.#lifetimeMs });
    return ticket;
  }

  /** `undefined` for a ticket that is unknown, used or too old. Whatever the answer, it is worth nothing afterwards. */
  redeem(ticket: string, now = Date.now()): T | undefined {
    const pass = this.#passes.get(ticket);
    this.#passes.delete(ticket);
    return pass !== undefined && now < pass.expiresAt ? pass.holder : undefined;
  }

  get outstanding(): number {
    return this.#passes.size;
  }

  #forgetExpired(now: number): void {
    for (const [ticket, { expiresAt }] of this.#passes) {
      if (expiresAt > now) return;
      this.#passes.delete(ticket);
    }
  }
}
