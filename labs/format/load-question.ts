import type { LabChoice, LabQuestion } from './lab.ts';
import type { LabFileQuestion } from './lab-schema.ts';
import { roleOf, type Surroundings } from './load-asked.ts';
import { assembleLines } from './load-lines.ts';

/** A question as the file describes it, with its script where it has one. */
export function assembleQuestion(id: string, written: LabFileQuestion, { folder, roles }: Surroundings): LabQuestion {
  const { text, answer, expected, choices, typed } = written;
  return {
    ...{ id, text, answer, expected, try: written.try },
    choices: choices ? Object.entries(choices).map(([choice, said]) => assembleChoice(choice, said)) : null,
    typed: typed ?? null,
    machine: roleOf(written, roles),
    script: folder.read(`questions/${id}.sh`) ?? null,
    mutants: Object.entries(written.mutants).map(([mutant, { lines, ...rest }]) => {
      return { id: mutant, lines: assembleLines(lines), ...rest };
    }),
  };
}

function assembleChoice(id: string, written: NonNullable<LabFileQuestion['choices']>[string]): LabChoice {
  return { id, text: written.text, right: written.right ?? null, wrong: written.wrong ?? null };
}
