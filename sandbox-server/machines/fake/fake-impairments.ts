import { IMPAIRMENT_KINDS } from '../../../protocol/troubles.ts';
import type { Finding, RunResult } from '../driver.ts';

/** In a fake machine: what is wrong with it, a kind and what per line. `echo full / >/impaired` in its shell fills it. */
export const IMPAIRED = '/impaired';

export function findingsIn(files: ReadonlyMap<string, string>): readonly Finding[] {
  const lines = (files.get(IMPAIRED) ?? '').split('\n').map((line) => line.split(' '));
  return lines.flatMap(([word, what = null]) => {
    const kind = IMPAIRMENT_KINDS.find((one) => one === word);
    return kind === undefined || kind === 'silent' || kind === 'busy' ? [] : [{ kind, what }];
  });
}

/** As a real one answers a script that it cannot start. */
export function runRefusedBy(findings: readonly Finding[]): RunResult | undefined {
  if (!findings.some(({ kind }) => kind === 'system' || kind === 'processes')) return undefined;
  return { status: 127, timedOut: false, stdout: '', stderr: 'cannot run a script as root\n', truncated: false };
}
