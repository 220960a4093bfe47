import type { IncomingMessage } from 'node:http';
import { FIRST_FAILURE } from './engine-client.ts';
import { BUSY, Refusal } from './refusal.ts';

/** The engine keeps one that is not started for as long as its container. The driver starts each at once. */
const MAX_WAITING = 32;

/** Execs made through this gate and not started yet. */
export class WaitingExecs {
  /** Their containers. */
  readonly #containers = new Map<string, string>();
  /** By container: those that wait, and those being made. */
  readonly #counts = new Map<string, number>();

  /** Has one made; it counts from before. */
  async withRoom(container: string, make: () => Promise<IncomingMessage>): Promise<IncomingMessage> {
    const count = this.#counts.get(container) ?? 0;
    if (count >= MAX_WAITING) {
      const message = `Container ${container.slice(0, 12)} has ${count} execs that nobody has started, and may have no more.`;
      throw new Refusal(message, BUSY);
    }
    this.#counts.set(container, count + 1);
    let status = FIRST_FAILURE;
    try {
      const answer = await make();
      status = answer.statusCode ?? FIRST_FAILURE;
      return answer;
    } finally {
      if (status >= FIRST_FAILURE) this.#release(container);
    }
  }

  add(id: string, container: string): void {
    this.#containers.set(id, container);
  }

  /** Once: whoever makes one starts it. */
  take(id: string): void {
    const container = this.#containers.get(id);
    if (container === undefined) throw new Refusal(`Exec ${id.slice(0, 12)} was not made through this gate.`);
    this.#containers.delete(id);
    this.#release(container);
  }

  forget(container: string): void {
    this.#counts.delete(container);
    for (const [id, of] of this.#containers) if (of === container) this.#containers.delete(id);
  }

  #release(container: string): void {
    const count = (this.#counts.get(container) ?? 0) - 1;
    if (count > 0) this.#counts.set(container, count);
    else this.#counts.delete(container);
  }
}
