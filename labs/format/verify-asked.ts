import { closest } from './closest.ts';
import type { Lab, LabCheck, LabMessage, LabVerdictPart } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import { scriptAnswers, scriptPasses } from './script-answers.ts';
import type { Path } from './source.ts';
import { verifyVariables } from './verify-variables.ts';

interface Surroundings {
  readonly lab: Lab;
  readonly folder: LabFolder;
}

/** What a check and a part of a verdict have in common: where they are asked, and what their script may say. */
export function verifyAsked(asked: LabCheck | LabVerdictPart, path: Path, { lab, folder }: Surroundings): void {
  verifyMachine(asked.machine, path, { lab, folder });
  verifyMessages(asked, [...path, 'messages'], folder);
  verifyVariables(asked.script, { path, lab, folder, hasProof: 'tried' in asked });
}

export function verifyMachine(machine: string, path: Path, { lab, folder }: Surroundings): void {
  const roles = lab.machines.map(({ role }) => role);
  if (machine === '') {
    folder.wrong(
      path,
      `${path.join('.')} must say on which machine it is asked: ${roles.join(', ')}.`,
      `machine: ${roles[0]}`,
    );
  } else if (!roles.includes(machine)) {
    const message = `There is no machine "${machine}". The lab has ${roles.join(', ')}.`;
    folder.wrong([...path, 'machine'], message, `machine: ${closest(machine, roles) ?? roles[0]}`);
  }
}

/** Both ways: a message nobody prints is as wrong as one that nobody can explain. */
function verifyMessages(asked: LabCheck | LabVerdictPart, path: Path, folder: LabFolder): void {
  const answers = scriptAnswers(asked.script);
  const known = Object.keys(asked.messages);
  for (const answer of answers) {
    if (!known.includes(answer.message))
      folder.wrong(path, `The script says "fail ${answer.message}", and no message explains it.`);
  }
  for (const [id, message] of Object.entries(asked.messages)) {
    const said = answers.filter((answer) => answer.message === id);
    if (said.length === 0 && asked.script !== '') folder.wrong([...path, id], `The script never says "fail ${id}".`);
    for (const key of placeholders([message.expected, message.seen, message.try])) {
      const without = said.find((answer) => !answer.evidence.includes(key));
      if (without) folder.wrong([...path, id], `{${key}} is in the text, but "fail ${id}" gives no ${key}=….`);
    }
  }
}

/** Every way to pass gives what `tried` speaks of. */
export function verifyTried({ tried, script }: LabVerdictPart, path: Path, folder: LabFolder): void {
  const passes = scriptPasses(script);
  for (const key of placeholders([tried])) {
    const isGiven = passes.length > 0 && passes.every((evidence) => evidence.includes(key));
    if (isGiven || script === '') continue;
    folder.wrong([...path, 'tried'], `{${key}} is in the text, but the script passes without ${key}=….`);
  }
}

function placeholders(texts: readonly LabMessage['seen'][]): string[] {
  const sentences = texts.flatMap((text) => Object.values(text));
  return [...new Set(sentences.flatMap((text) => [...text.matchAll(/\{([a-z_]+)\}/g)].map(([, key = '']) => key)))];
}
