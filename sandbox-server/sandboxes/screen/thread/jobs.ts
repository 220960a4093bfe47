import type { TerminalSize } from '../../../../protocol/terminal-copy.ts';

/** What is asked of one screen in the thread; it has at most one job at a time. */
export type Job =
  /** In place of what it was: a terminal of this size, brought about by these bytes. */
  | { readonly kind: 'open'; readonly size: TerminalSize; readonly bytes: Uint8Array }
  | { readonly kind: 'feed'; readonly bytes: Uint8Array; readonly paint?: Paint }
  | { readonly kind: 'resize'; readonly size: TerminalSize };

/** At the first moment that can be told by a snapshot, one is painted, and the rest of the bytes are left. */
export interface Paint {
  /** Not before so many of the bytes. */
  readonly from: number;
  /** Behind all of them in any case. */
  readonly isForced: boolean;
}

/** `close` gives its memory back, and what it has used counts on; `forget` ends its name, too. */
export type Farewell = { readonly kind: 'close' } | { readonly kind: 'forget' };

export interface Order {
  readonly screen: number;
  readonly job: Job | Farewell;
}

export interface Outcome {
  /** Bytes of the job that were parsed. */
  readonly fed: number;
  /** What programs asked for, in order. */
  readonly answers: readonly string[];
  readonly size: TerminalSize;
  readonly snapshot?: Uint8Array<ArrayBuffer>;
}

export type Report = { readonly screen: number } & (
  | { readonly outcome: Outcome }
  /** xterm.js threw. */
  | { readonly failure: string }
);

/** Memory that the thread and the server share, so that one that stands still can be told from one that has much to do. */
export const BOARD = { screenAtWork: 0, slicesDone: 1, length: 2 } as const;
/** Nobody is at work. */
export const NOBODY = 0;
