import { closest } from './closest.ts';
import type { Lab } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import type { Path } from './source.ts';

interface Place {
  readonly path: Path;
  readonly lab: Lab;
  readonly folder: LabFolder;
  /** A part of a verdict, or its proof: only they are handed one. */
  readonly hasProof?: boolean;
}

/** An unset variable is empty, and whatever a learner found contains that: a mistyped secret would let everything pass. */
export function verifyVariables(script: string, { path, lab, folder, hasProof = false }: Place): void {
  const secrets = lab.machines.flatMap((machine) => machine.secrets.map(({ id }) => variableOf(id)));
  const known = hasProof ? [...secrets, 'DRYDOCK_PROOF'] : secrets;
  const used = [...script.replace(/^\s*#.*$/gm, '').matchAll(/\$\{?(DRYDOCK_[A-Z0-9_]+)/g)].map(
    ([, name = '']) => name,
  );
  for (const name of new Set(used)) {
    if (known.includes(name)) continue;
    const message = `The script uses $${name}, which nobody sets. There is ${known.map((one) => `$${one}`).join(', ') || 'none'}.`;
    folder.wrong(path, message, closest(name, known) ? `$${closest(name, known)}` : null);
  }
}

/** As scripts know a secret; sandbox-server/checks/ask.ts sets them. */
function variableOf(secret: string): string {
  return `DRYDOCK_SECRET_${secret.toUpperCase().replaceAll('-', '_')}`;
}
