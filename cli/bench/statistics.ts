export interface Figure {
  readonly median: number;
  readonly p95: number;
  readonly n: number;
}

/** p95 by nearest rank; of few samples it is the largest. */
export function figure(samples: readonly number[]): Figure {
  if (samples.length === 0) throw new RangeError('A figure needs at least one sample.');
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? at(0.5) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return { median: round(median), p95: round(at(0.95)), n: sorted.length };
}

const round = (value: number): number => Number(value.toPrecision(4));

/** Least squares: how much y grows per x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
