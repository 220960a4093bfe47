import { stringify } from 'yaml';
import { closest } from './closest.ts';
import type { Lab, LabCheck, LabMessage, LabVerdictPart } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import { scriptAnswers, scriptPasses } from './script-answers.ts';
import type { Path } from './source.ts';
import { verifyVariables } from './verify-variables.ts';

interface Surroundings {
  readonly lab: Lab;
  readonly folder: LabFolder;
  /** The script, in the lab's folder. */
  readonly file: string;
}

/** What a check and a part of a verdict have in common: where they are asked, and what their script may say. */
export function verifyAsked(asked: LabCheck | LabVerdictPart, path: Path, surroundings: Surroundings): void {
  verifyMachine(asked.machine, path, surroundings);
  verifyMessages(asked, [...path, 'messages'], surroundings);
  verifyVariables(asked.script, { ...surroundings, hasProof: 'tried' in asked });
}

export function verifyMachine(machine: string, path: Path, { lab, folder }: Omit<Surroundings, 'file'>): void {
  const roles = lab.machines.map(({ role }) => role);
  if (machine === '') {
    const message = `${path.join('.')} must say on which machine it is asked: ${roles.join(', ')}.`;
    folder.missing(path, message, `machine: ${roles[0]}`);
  } else if (!roles.includes(machine)) {
    const message = `There is no machine "${machine}". The lab has ${roles.join(', ')}.`;
    folder.wrong([...path, 'machine'], message, `machine: ${closest(machine, roles) ?? roles[0]}`);
  }
}

/** Both ways: a message nobody prints is as wrong as one that nobody can explain. */
function verifyMessages(asked: LabCheck | LabVerdictPart, path: Path, { folder, file }: Surroundings): void {
  const answers = scriptAnswers(asked.script);
  const known = Object.keys(asked.messages);
  for (const { message, offset } of answers.filter((answer) => !known.includes(answer.message))) {
    const meant = closest(message, known);
    const found = `No message of ${path.slice(0, -1).join('.')} is called "${message}". It has ${known.join(', ') || 'none'}.`;
    folder.wrongIn(file, offset, { message: found, instead: meant ? `fail ${meant}` : explained(message) });
  }
  for (const [id, message] of Object.entries(asked.messages)) {
    const said = answers.filter((answer) => answer.message === id);
    if (said.length === 0 && asked.script !== '') {
      const unknown = answers.map((answer) => answer.message).filter((answer) => !known.includes(answer));
      // Where the script says something like it, that is told already.
      if (closest(id, unknown) === undefined) folder.wrong([...path, id], `The script never says "fail ${id}".`);
    }
    for (const key of placeholders([message.expected, message.seen, message.try])) {
      const without = said.find(({ evidence }) => !evidence.includes(key));
      if (without === undefined) continue;
      const meant = closest(key, without.evidence);
      const found = `{${key}} is in the text of "${id}", and this call of fail gives no ${key}=….`;
      const instead = meant ? `{${meant}} in ${folder.named('lab.yaml')}, or ${key}=… here` : `fail ${id} ${key}="$…"`;
      folder.wrongIn(file, without.offset, { message: found, instead });
    }
  }
}

/** What is to be added to lab.yaml for a script to say it. */
function explained(message: string): string {
  const text = () => ({ 'zh-cn': '…', en: '…' });
  return `fail one of them, or add to its messages in lab.yaml:\n${stringify({ [message]: { seen: text(), try: text() } }).trimEnd()}`;
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
  return [
    ...new Set(sentences.flatMap((text) => [...text.matchAll(/\{([a-zA-Z][\w-]*)\}/g)].map(([, key = '']) => key))),
  ];
}
