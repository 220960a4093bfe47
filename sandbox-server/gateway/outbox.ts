import type { WebSocket } from 'ws';
import type { ServerMessage } from '../../protocol/server-messages.ts';

/** With this much not yet handed to the network, nothing more is written. */
const BACKLOG_BYTES = 64 * 1024;

/** Answers that may wait for a page that does not read. */
const MAX_REPLIES = 64;

/**
 * What is still to be sent over one socket. Values that replace each other (the state, how far input was applied)
 * are kept once and made when they go out, so a page that does not read costs no memory.
 */
export class Outbox {
  readonly #socket: WebSocket;
  readonly #onRoom: () => void;
  readonly #latest = new Map<string, () => ServerMessage>();
  readonly #replies: ServerMessage[] = [];

  constructor(socket: WebSocket, onRoom: () => void) {
    this.#socket = socket;
    this.#onRoom = onRoom;
  }

  /** Sends `make()` soon; a later value of the same name takes its place. */
  put(name: string, make: () => ServerMessage): void {
    this.#latest.set(name, make);
  }

  /** False when too many already wait. */
  reply(message: ServerMessage): boolean {
    return this.#replies.push(message) <= MAX_REPLIES;
  }

  get hasRoom(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount < BACKLOG_BYTES;
  }

  /** Messages first: a state announces the terminals that bytes then refer to. */
  flush(): void {
    for (const [name, make] of this.#latest) {
      if (!this.hasRoom) return;
      this.#latest.delete(name);
      this.send(JSON.stringify(make()));
    }
    while (this.hasRoom) {
      const message = this.#replies.shift();
      if (message === undefined) return;
      this.send(JSON.stringify(message));
    }
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(data, () => this.#onRoom());
  }
}
