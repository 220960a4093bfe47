import type { Finding } from './finding.ts';

const WIDTHS = { step: 15, subject: 26, promise: 44 } as const;

export function findingRow({ step, subject, promise, problem, ms }: Finding): string {
  const cells = [step.padEnd(WIDTHS.step), subject.padEnd(WIDTHS.subject), promise.padEnd(WIDTHS.promise)];
  const row = `${problem === null ? '✓' : '✗'} ${cells.join(' ')} ${ms === null ? '' : `${ms} ms`}`.trimEnd();
  return problem === null ? row : `${row}\n    ${problem.replaceAll('\n', '\n    ')}`;
}

export function summary(findings: readonly Finding[], elapsedMs: number): string {
  const broken = findings.filter(({ problem }) => problem !== null).length;
  const seconds = Math.round(elapsedMs / 1000);
  if (broken === 0) return `All ${findings.length} promises hold (${seconds} s).`;
  return `${broken} of ${findings.length} promises do not hold (${seconds} s).`;
}

/** How often each promise was broken over several runs; what is always broken is no flake. */
export function flakes(runs: readonly (readonly Finding[])[]): string {
  const broken = new Map<string, number>();
  for (const { step, subject, promise, problem } of runs.flat()) {
    if (problem === null) continue;
    const name = `${step} ${subject} (${promise})`;
    broken.set(name, (broken.get(name) ?? 0) + 1);
  }
  const asked = runs.reduce((sum, findings) => sum + findings.length, 0);
  const failed = [...broken.values()].reduce((sum, count) => sum + count, 0);
  const rate = ((100 * failed) / Math.max(asked, 1)).toFixed(2);
  const lines = [...broken].map(([name, count]) => `  ${name}: broken in ${count} of ${runs.length} runs`);
  return [`Broken: ${failed} of ${asked} (${rate} %) over ${runs.length} runs.`, ...lines].join('\n');
}
