const FORBIDDEN = 403;
/** There is no room for one more. */
export const BUSY = 429;

/** What a client is told instead of what it asked for: as the engine would, `{"message"}`. */
export class Refusal extends Error {
  readonly status: number;

  constructor(message: string, status = FORBIDDEN) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

/** The engine's own answer to a question that the gate had: there is no such container. Nothing to be logged. */
export class NotThere extends Refusal {
  constructor(message: string) {
    super(message, 404);
    this.name = 'NotThere';
  }
}
