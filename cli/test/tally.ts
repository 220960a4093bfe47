export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };
export const ONE_PASSED: Tally = { passed: 1, failed: 0, skipped: 0 };
export const ONE_FAILED: Tally = { passed: 0, failed: 1, skipped: 0 };

export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Nothing run is nothing proven. */
export function isGreen({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0;
}

export function summarise({ passed, failed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

/**
 * What a runner counted, made to agree with how it ended: a runner that fails, or that ran nothing, has failed at
 * least once, whatever it wrote down.
 */
export function judge(counted: Tally | undefined, status: number): Tally {
  if (counted === undefined) return ONE_FAILED;
  const ran = counted.passed + counted.failed + counted.skipped > 0;
  return counted.failed === 0 && (status !== 0 || !ran) ? add(counted, ONE_FAILED) : counted;
}
