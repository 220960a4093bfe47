import type { Lab, LabStep } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import type { Path } from './source.ts';
import { verifyAsked, verifyMachine, verifyTried } from './verify-asked.ts';
import { verifyVariables } from './verify-variables.ts';

/** The name of the script that puts the proof and removes it, which lies among those of the parts. */
const PROOF = 'proof';

const fileOf = ({ id }: LabStep, part: string) => `steps/${id}/verdict/${part}.sh`;

export function verifyVerdict(step: LabStep, path: Path, { lab, folder }: { lab: Lab; folder: LabFolder }): void {
  const { verdict } = step;
  if (verdict === null) return;
  if (verdict.proof !== null) {
    const at = [...path, 'proof'];
    verifyMachine(verdict.proof.machine, at, { lab, folder });
    verifyVariables(verdict.proof.script, { lab, folder, file: fileOf(step, PROOF), hasProof: true });
  }
  if (!verdict.parts.some(({ kind }) => kind === 'attack')) {
    folder.wrong(
      path,
      `The verdict of step ${step.id} has no attack. Try one of the attacks that the step defends from.`,
    );
  }
  const taken = new Set(step.checks.map(({ id }) => id));
  for (const part of verdict.parts) {
    const at = [...path, `${part.kind}s`, part.id];
    if (part.id === PROOF) folder.wrong(at, `A part cannot be called "${PROOF}": verdict/${PROOF}.sh puts the proof.`);
    if (taken.has(part.id)) {
      const message = `Step ${step.id} has two lines called "${part.id}": checks, uses and attacks share their names.`;
      folder.wrong(at, message, `${part.kind}-${part.id}:`);
    }
    taken.add(part.id);
    verifyAsked(part, at, { lab, folder, file: fileOf(step, part.id) });
    verifyTried(part, at, folder);
  }
}
