import { closest } from './closest.ts';
import type { Lab } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import { codeOf } from './script-answers.ts';

interface Place {
  readonly lab: Lab;
  readonly folder: LabFolder;
  /** The script, in the lab's folder. */
  readonly file: string;
  /** A part of a verdict, or its proof: only they are handed one. */
  readonly hasProof?: boolean;
}

/** An unset variable is empty, and whatever a learner found contains that: a mistyped secret would let everything pass. */
export function verifyVariables(script: string, { lab, folder, file, hasProof = false }: Place): void {
  const secrets = lab.machines.flatMap((machine) => machine.secrets.map(({ id }) => variableOf(id)));
  const known = hasProof ? [...secrets, 'DRYDOCK_PROOF'] : secrets;
  const told = new Set<string>();
  for (const { index, 1: name = '' } of codeOf(script).matchAll(/\$\{?(DRYDOCK_[A-Z0-9_]+)/g)) {
    if (known.includes(name) || told.has(name)) continue;
    told.add(name);
    const meant = closest(name, known);
    const message = `$${name} is set by nobody. There is ${known.map((one) => `$${one}`).join(', ') || 'none'}.`;
    folder.wrongIn(file, index, { message, instead: meant ? `$${meant}` : null });
  }
}

/** As scripts know a secret; sandbox-server/checks/ask.ts sets them. */
function variableOf(secret: string): string {
  return `DRYDOCK_SECRET_${secret.toUpperCase().replaceAll('-', '_')}`;
}
