import { closest } from './closest.ts';
import type { Lab, LabQuestion } from './lab.ts';
import type { LabFolder } from './lab-folder.ts';
import type { Path } from './source.ts';
import { verifyMachine } from './verify-asked.ts';
import { verifyVariables } from './verify-variables.ts';

interface Place {
  readonly path: Path;
  readonly lab: Lab;
  readonly folder: LabFolder;
}

/** What makes a question one that can be answered, and wrongly. Lines of mutants are looked at with all others. */
export function verifyQuestion(question: LabQuestion, { path, lab, folder }: Place): void {
  const { id, choices, typed, script, mutants } = question;
  if ((choices === null) === (typed === null)) {
    const instead = choices === null ? 'choices:' : null;
    folder.wrong(path, `Question ${id} has either choices or typed, and exactly one of them.`, instead);
  } else if (choices !== null && choices.length < 2) {
    folder.wrong([...path, 'choices'], `Question ${id} needs two choices or more.`);
  }
  verifyReasons(question, [...path, 'choices'], folder);
  verifyAnswer(question, question.answer, { path: [...path, 'answer'], lab, folder });
  for (const { id: mutant, answer } of mutants) {
    verifyAnswer(question, answer, { path: [...path, 'mutants', mutant, 'answer'], lab, folder });
  }
  if (script !== null) {
    verifyMachine(question.machine, path, { lab, folder });
    verifyVariables(script, { lab, folder, file: `questions/${id}.sh` });
  }
  const isChanged = mutants.some(({ answer }) => answer !== question.answer);
  if (script !== null && !isChanged) {
    const message = `The script of question ${id} is never seen to say anything but "${question.answer}". Add a mutant with another answer, or remove labs/${lab.id}/questions/${id}.sh.`;
    folder.wrong(path, message);
  }
  if (script === null && mutants.length > 0) {
    const message = `Question ${id} has one answer whatever the machine is like: there is no labs/${lab.id}/questions/${id}.sh.`;
    folder.wrong([...path, 'mutants'], message);
  }
}

function verifyAnswer({ id, choices }: LabQuestion, answer: string, { path, folder }: Place): void {
  const ids = choices?.map((choice) => choice.id);
  if (!ids || ids.includes(answer)) return;
  const message = `Question ${id} has no choice "${answer}". It has ${ids.join(', ')}.`;
  folder.wrong(path, message, `answer: ${closest(answer, ids) ?? ids[0]}`);
}

/** A learner never reads only "wrong": whatever can become of a choice has its text. */
function verifyReasons({ choices, answer, script }: LabQuestion, path: Path, folder: LabFolder): void {
  if (!choices?.some(({ id }) => id === answer)) return;
  for (const { id, right, wrong } of choices) {
    const lacks = [
      ...(right === null && (script !== null || id === answer) ? ['right'] : []),
      ...(wrong === null && (script !== null || id !== answer) ? ['wrong'] : []),
    ];
    for (const what of lacks) {
      folder.wrong(
        [...path, id],
        `Choice "${id}" can be ${what}, and has no text for that.`,
        `${what}:\n  zh-cn: …\n  en: …`,
      );
    }
  }
}
