import type { ClientMessage } from '../../../protocol/client-messages.ts';
import type { TerminalFrame } from '../../../protocol/frames.ts';
import type { ServerMessage } from '../../../protocol/server-messages.ts';
import type { Text } from '../../../protocol/text.ts';

export type Hello = Extract<ClientMessage, { type: 'hello' }>;
/** What this page says of itself on every connection. */
export type Introduction = Pick<Hello, 'page' | 'resume'>;
export type LinkMessage = Exclude<ClientMessage, Hello>;

export type LinkStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** Lost; tries again by itself at `retryAt` (a time as of Date.now()). `shown` is what the close code says. */
  | { readonly kind: 'waiting'; readonly retryAt: number; readonly shown: Text | null }
  /** Will not try again by itself. */
  | { readonly kind: 'refused'; readonly shown: Text };

export interface LinkListener {
  status(status: LinkStatus): void;
  message(message: ServerMessage): void;
  frame(frame: TerminalFrame): void;
  /** Asked on every connection: who this page is, and what it already has. */
  introduce(): Introduction;
}

/**
 * What the page talks to: protocol messages, whoever answers them. A WebSocket is one kind; a worker that holds a
 * machine inside the page can be another. Nothing above this interface knows which.
 */
export interface Link {
  /** Connects, or tries again now instead of at `retryAt`. Harmless while connected. */
  connect(): void;
  /** False when there is nobody to send to; what must not get lost is then sent again after the next `state`. */
  send(message: LinkMessage): boolean;
  sendFrame(frame: TerminalFrame): boolean;
  /** For good. */
  close(): void;
}
