import type { TerminalCopy } from './terminal-copy.ts';

/**
 * Repeat a character, insert and delete lines, scroll, tab: xterm.js does these as often as it is told, one by one. Two
 * thousand million times, which is a dozen bytes, stops a page for hours, and a server that keeps a copy with it.
 */
const REPEATING = ['b', 'L', 'M', 'S', 'T', 'I', 'Z'];

/** More than any screen has columns or rows (500 and 300): no honest program asks for that. */
const MAX_COUNT = 1_000;

/** A larger count is taken for an error, and the sequence ignored. */
export function boundCounts({ parser }: Pick<TerminalCopy, 'parser'>): void {
  for (const final of REPEATING) {
    parser.registerCsiHandler({ final }, (params) => typeof params[0] === 'number' && params[0] > MAX_COUNT);
  }
}
