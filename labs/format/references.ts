import { closest } from './closest.ts';
import type { Lab, LabCheck, LabLine, LabMessage, LabStep, LabVerdict } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import { scriptAnswers } from './script-answers.ts';
import type { Path } from './source.ts';

/** What a schema cannot see: that names used in one place exist in another, and scripts say what the lab can explain. */
export function verifyReferences(lab: Lab, folder: LabFolder): void {
  verifyImage(lab.image, folder);
  const terminals = lab.machines.flatMap((machine) => machine.terminals.map(({ id }) => id));
  terminals.forEach((id, index) => {
    if (terminals.indexOf(id) !== index) folder.wrong(['machines'], `Two terminals are called "${id}".`);
  });
  for (const step of lab.steps) {
    const path = ['steps', step.id];
    verifyLines(step.solution, [...path, 'solution'], { terminals, folder });
    for (const check of step.checks) verifyAsked(check, [...path, 'checks', check.id], { lab, folder });
    if (step.verdict) verifyAsked(step.verdict, [...path, 'verdict'], { lab, folder });
    for (const mutant of step.mutants) {
      const mutantPath = [...path, 'mutants', mutant.id];
      verifyLines(mutant.lines, [...mutantPath, 'lines'], { terminals, folder });
      verifyCatch(mutant, step, { path: mutantPath, folder });
    }
    verifyGuardsCanFail(step, path, folder);
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

function verifyAsked(asked: LabCheck | LabVerdict, path: Path, { lab, folder }: { lab: Lab; folder: LabFolder }): void {
  const roles = lab.machines.map(({ role }) => role);
  if (asked.machine === '') {
    folder.wrong(
      path,
      `${path.join('.')} must say on which machine it is asked: ${roles.join(', ')}.`,
      `machine: ${roles[0]}`,
    );
  } else if (!roles.includes(asked.machine)) {
    const message = `There is no machine "${asked.machine}". The lab has ${roles.join(', ')}.`;
    folder.wrong([...path, 'machine'], message, `machine: ${closest(asked.machine, roles) ?? roles[0]}`);
  }
  verifyMessages(asked, [...path, 'messages'], folder);
}

/** Both ways: a message nobody prints is as wrong as one that nobody can explain. */
function verifyMessages(asked: LabCheck | LabVerdict, path: Path, folder: LabFolder): void {
  const answers = scriptAnswers(asked.script);
  const known = Object.keys(asked.messages);
  for (const answer of answers) {
    if (!known.includes(answer.message))
      folder.wrong(path, `The script says "fail ${answer.message}", and no message explains it.`);
  }
  for (const [id, message] of Object.entries(asked.messages)) {
    const said = answers.filter((answer) => answer.message === id);
    if (said.length === 0 && asked.script !== '') folder.wrong([...path, id], `The script never says "fail ${id}".`);
    for (const key of placeholders(message)) {
      const without = said.find((answer) => !answer.evidence.includes(key));
      if (without) folder.wrong([...path, id], `{${key}} is in the text, but "fail ${id}" gives no ${key}=….`);
    }
  }
}

function placeholders(message: LabMessage): string[] {
  const texts = [message.expected, message.seen, message.try].flatMap((text) => Object.values(text));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\{([a-z_]+)\}/g)].map(([, key = '']) => key)))];
}

function verifyCatch(
  mutant: LabStep['mutants'][number],
  step: LabStep,
  { path, folder }: { path: Path; folder: LabFolder },
): void {
  const asked = [...step.checks, ...(step.verdict ? [step.verdict] : [])];
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
  for (const { id, kind } of step.checks) {
    if (kind === 'goal' || step.mutants.some(({ caughtBy }) => caughtBy === id)) continue;
    folder.wrong(
      [...path, 'checks', id],
      `The guard "${id}" is broken by no mutant. Add a mutant with caughtBy: ${id}.`,
    );
  }
}
