import type { Section } from '../finding.ts';
import { isReady } from '../report.ts';
import type { AttackResult } from './attack.ts';

/** The last lines for people. */
export function attackSummary(sections: readonly Section[]): string {
  const failures = sections.flatMap(({ findings }) => findings).filter(({ level }) => level === 'lack').length;
  if (failures === 0) return 'Everything was refused: what breaks out of a machine finds a jail that holds.';
  const attempts = failures === 1 ? 'One attempt was' : `${failures} attempts were`;
  return `${attempts} not refused, marked ✗: do what the arrow says before anybody you do not know uses this computer.`;
}

/** For programs. `held` and the names of attempts stay; texts may change. */
export function attackJson({ sections, jail, machine }: AttackResult): string {
  const attempts = jail.map(({ attempt: { name }, inJail, withoutJail }) => ({
    name,
    outcome: inJail.outcome,
    how: inJail.how,
    withoutJail: withoutJail?.outcome ?? null,
  }));
  const withoutBigInts = (_: string, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value);
  return JSON.stringify({ held: isReady(sections), attempts, machine: machine ?? null, sections }, withoutBigInts, 2);
}
