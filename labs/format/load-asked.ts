import type { LabCheck, LabMessage, LabVerdict, LabVerdictPart } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import type { LabFileStep, LabFileVerdict } from './lab-schema.ts';

type Written = Pick<LabFileStep['checks'][string], 'line' | 'machine' | 'expected' | 'messages'>;

export interface Surroundings {
  readonly folder: LabFolder;
  readonly roles: readonly string[];
}

interface WrittenStep {
  readonly id: string;
  readonly step: LabFileStep;
}

/** A check as the file describes it, with its script. */
export function assembleCheck(id: string, of: WrittenStep, { folder, roles }: Surroundings): LabCheck {
  const check = of.step.checks[id] as LabFileStep['checks'][string];
  const script = folder.script(`checks/${id}.sh`, ['steps', of.id, 'checks', id]);
  return { id, kind: check.kind, keeps: check.keeps, script, ...asked(check, roles) };
}

/** The verdict of a step, if it has one, with the scripts of its parts and of its proof. */
export function assembleVerdict({ id, step }: WrittenStep, { folder, roles }: Surroundings): LabVerdict | null {
  const { verdict } = step;
  if (!verdict) return null;
  const path = ['steps', id, 'verdict'];
  const script = (name: string, at: readonly string[]) =>
    folder.script(`steps/${id}/verdict/${name}.sh`, [...path, ...at]);
  const parts = (kind: LabVerdictPart['kind'], written: LabFileVerdict['attacks'], at: string) =>
    Object.entries(written).map(([part, { timeoutSeconds, tried, ...rest }]) => {
      const own = { id: part, kind, tried, timeoutMs: timeoutSeconds * 1000 };
      return { ...own, script: script(part, [at, part]), ...asked(rest, roles) };
    });
  const { proof, uses, attacks } = verdict;
  return {
    proof: proof ? { machine: roleOf(proof, roles), script: script('proof', ['proof']) } : null,
    parts: [...parts('use', uses, 'uses'), ...parts('attack', attacks, 'attacks')],
  };
}

function asked({ line, machine, expected, messages }: Written, roles: readonly string[]) {
  const complete = Object.entries(messages).map(([id, message]): [string, LabMessage] => [
    id,
    { expected, ...message },
  ]);
  return { line, machine: roleOf({ machine }, roles), messages: Object.fromEntries(complete) };
}

/** Empty when it is not said and there are several: what refers to it is then refused. */
export function roleOf({ machine }: { machine?: string | undefined }, roles: readonly string[]): string {
  return machine ?? (roles.length === 1 ? (roles[0] ?? '') : '');
}
