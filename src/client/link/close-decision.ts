import { CLOSE_CODES, type CloseCode } from '../../../protocol/close-codes.ts';
import type { Text } from '../../../protocol/text.ts';

export interface CloseDecision {
  readonly reconnect: boolean;
  /** Null when the connection broke without a word (1006): the page then says so in its own words. */
  readonly shown: Text | null;
}

const BY_CODE: ReadonlyMap<number, CloseCode> = new Map(
  Object.values(CLOSE_CODES).map((entry): [number, CloseCode] => [entry.code, entry]),
);

/** The table of protocol/close-codes.ts decides; a code it does not list came from the network, so try again. */
export function closeDecision(code: number): CloseDecision {
  return BY_CODE.get(code) ?? { reconnect: true, shown: null };
}
