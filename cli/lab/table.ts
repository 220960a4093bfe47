import type { Finding } from './finding.ts';
import type { Run } from './test.ts';
import type { Timing } from './try-lab.ts';

const WIDTHS = { step: 15, subject: 26, promise: 44 } as const;

export function findingRow({ step, subject, promise, problem, ms }: Finding): string {
  const cells = [step.padEnd(WIDTHS.step), subject.padEnd(WIDTHS.subject), promise.padEnd(WIDTHS.promise)];
  const row = `${problem === null ? '✓' : '✗'} ${cells.join(' ')} ${ms === null ? '' : `${ms} ms`}`.trimEnd();
  return problem === null ? row : `${row}\n    ${problem.replaceAll('\n', '\n    ')}`;
}

/** What came of a run, and where its time went: how long each sandbox lived, the longest first. */
export function summary({ findings, timings, ms }: Run): string {
  const broken = findings.filter(({ problem }) => problem !== null).length;
  const verdict =
    broken === 0 ? `All ${findings.length} promises hold` : `${broken} of ${findings.length} promises do not hold`;
  return `${verdict} (${seconds(ms)}). Sandboxes: ${whereTimeWent(timings)}.`;
}

export function whereTimeWent(timings: readonly Timing[]): string {
  const longest = [...timings].sort((a, b) => b.ms - a.ms);
  return longest.map(({ what, ms }) => `${what} ${seconds(ms)}`).join(', ');
}

interface Row {
  readonly name: string;
  readonly runs: number;
  readonly broken: number;
  /** Of the last question of each run, in milliseconds. */
  readonly times: readonly number[];
}

/** Every promise over several runs: how often it was tried and broken, and how long its question took. */
export function repeatTable(runs: readonly Run[]): string {
  const rows = new Map<string, Row>();
  for (const { step, subject, promise, problem, ms } of runs.flatMap(({ findings }) => findings)) {
    const name = `${step} ${subject} (${promise})`;
    const row = rows.get(name) ?? { name, runs: 0, broken: 0, times: [] };
    const times = ms === null ? row.times : [...row.times, ms];
    rows.set(name, { name, runs: row.runs + 1, broken: row.broken + (problem === null ? 0 : 1), times });
  }
  const width = Math.max(...[...rows.keys()].map((name) => name.length), 'promise'.length);
  const line = (name: string, ...cells: readonly (string | number)[]) =>
    `  ${name.padEnd(width)} ${cells.map((cell) => String(cell).padStart(8)).join(' ')}`;
  return [
    line('promise', 'runs', 'broken', 'median', 'longest'),
    ...[...rows.values()].map((row) => line(row.name, row.runs, row.broken, ...timesOf(row))),
    rateOf([...rows.values()], runs),
  ].join('\n');
}

function timesOf({ times }: Row): readonly string[] {
  if (times.length === 0) return ['', ''];
  const sorted = [...times].sort((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((ms) => `${ms} ms`);
}

/** What is always broken is no flake; the table tells the two apart. */
function rateOf(rows: readonly Row[], runs: readonly Run[]): string {
  const asked = rows.reduce((sum, row) => sum + row.runs, 0);
  const failed = rows.reduce((sum, row) => sum + row.broken, 0);
  const rate = ((100 * failed) / Math.max(asked, 1)).toFixed(2);
  const times = runs.map(({ ms }) => seconds(ms)).join(', ');
  return `Broken: ${failed} of ${asked} (${rate} %) over ${runs.length} runs, which took ${times}.`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
