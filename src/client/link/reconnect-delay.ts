const FIRST_MS = 250;
const LONGEST_MS = 8_000;

/**
 * Milliseconds before the next try after `failures` in a row: doubling, then constant, each spread by a fifth so that
 * a whole class does not come back in the same instant. `random` is in 0…1.
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const delay = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(delay * (0.8 + 0.4 * random));
}
