import { stringify } from 'yaml';
import { closest } from './closest.ts';
import type { Lab, LabLine, LabStep } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import type { Path } from './source.ts';
import { verifyAsked } from './verify-asked.ts';
import { verifyQuestion } from './verify-question.ts';
import { verifyScripts } from './verify-scripts.ts';
import { verifyVerdict } from './verify-verdict.ts';
import { verifyWhole } from './verify-whole.ts';

/** What a schema cannot see: that names used in one place exist in another, and scripts say what the lab can explain. */
export function verifyReferences(lab: Lab, folder: LabFolder): void {
  verifyImage(lab.image, folder);
  if (!verifyWhole(lab, folder)) return;
  const terminals = lab.machines.flatMap((machine) => machine.terminals.map(({ id }) => id));
  const secrets = lab.machines.flatMap((machine) => machine.secrets.map(({ id }) => id));
  for (const [what, ids] of Object.entries({ terminals, secrets })) {
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    for (const id of twice) folder.wrong(['machines'], `Two ${what} are called "${id}".`);
  }
  for (const step of lab.steps) {
    const path = ['steps', step.id];
    verifyLines(step.solution, [...path, 'solution'], { terminals, folder });
    for (const check of step.checks)
      verifyAsked(check, [...path, 'checks', check.id], { lab, folder, file: `checks/${check.id}.sh` });
    verifyVerdict(step, [...path, 'verdict'], { lab, folder });
    for (const mutant of step.mutants) {
      const mutantPath = [...path, 'mutants', mutant.id];
      verifyLines(mutant.lines, [...mutantPath, 'lines'], { terminals, folder });
      verifyCatch(mutant, step, { path: mutantPath, folder });
    }
    verifyGuardsCanFail(step, path, folder);
  }
  verifyQuestions(lab, { terminals, folder });
  verifyScripts(lab, folder);
}

function verifyQuestions(lab: Lab, { terminals, folder }: { terminals: string[]; folder: LabFolder }): void {
  for (const question of lab.questions) {
    const path = ['questions', question.id];
    verifyQuestion(question, { path, lab, folder });
    for (const { id, lines } of question.mutants) {
      verifyLines(lines, [...path, 'mutants', id, 'lines'], { terminals, folder });
    }
  }
}

function verifyImage(image: string, folder: LabFolder): void {
  const images = folder.images();
  if (images.includes(image)) return;
  const message = `There is no image labs/images/${image}. There is ${images.join(', ')}.`;
  folder.wrong(['image'], message, `image: ${closest(image, images) ?? images[0]}`);
}

function verifyLines(lines: readonly LabLine[], path: Path, names: { terminals: string[]; folder: LabFolder }): void {
  lines.forEach(({ terminal, command }, index) => {
    if (names.terminals.includes(terminal)) return;
    const meant = closest(terminal, names.terminals) ?? names.terminals[0] ?? '';
    const message = `There is no terminal "${terminal}". The machines have ${names.terminals.join(', ')}.`;
    names.folder.wrong([...path, index], message, `- ${meant}: ${command}`);
  });
}

function verifyCatch(
  mutant: LabStep['mutants'][number],
  step: LabStep,
  { path, folder }: { path: Path; folder: LabFolder },
): void {
  const asked = [...step.checks, ...(step.verdict?.parts ?? [])];
  const ids = asked.map(({ id }) => id);
  const catcher = asked.find(({ id }) => id === mutant.caughtBy);
  if (catcher === undefined) {
    const message = `Step ${step.id} has no check "${mutant.caughtBy}". It has ${ids.join(', ')}.`;
    folder.wrong([...path, 'caughtBy'], message, `caughtBy: ${closest(mutant.caughtBy, ids) ?? ids[0]}`);
    return;
  }
  const messages = Object.keys(catcher.messages);
  if (messages.includes(mutant.message)) return;
  const message = `"${catcher.id}" has no message "${mutant.message}". It has ${messages.join(', ')}.`;
  folder.wrong([...path, 'message'], message, `message: ${closest(mutant.message, messages) ?? messages[0]}`);
}

/** A guard that no mutant breaks might as well always pass: nobody has ever seen it fail. */
function verifyGuardsCanFail(step: LabStep, path: Path, folder: LabFolder): void {
  for (const { id, kind, messages } of step.checks) {
    if (kind === 'goal' || step.mutants.some(({ caughtBy }) => caughtBy === id)) continue;
    const [line] = step.solution;
    const mutant = { lines: [{ [line?.terminal ?? '']: '…' }], caughtBy: id, message: Object.keys(messages)[0] ?? '…' };
    const instead = stringify({ mutants: { [`without-${id}`]: mutant } }).trimEnd();
    folder.missing(
      [...path, 'checks', id],
      `The guard "${id}" is broken by no mutant: nobody has seen it fail.`,
      instead,
    );
  }
}
