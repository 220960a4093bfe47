import { join } from 'node:path';
import { loadLab } from '../../labs/format/load-lab.ts';
import { LabFormatError, type Problem } from '../../labs/format/problem.ts';
import { scriptSyntaxProblems } from '../../labs/format/script-syntax.ts';
import { chosenIds, LABS_FOLDER } from './find-lab.ts';

/** `npm run lab -- check [<id> …]`: everything that can be wrong with files, without a machine. */
export async function check(
  names: readonly string[],
  { labsFolder = LABS_FOLDER, say = console.log } = {},
): Promise<number> {
  const problems: Problem[] = [];
  const ids = chosenIds(names, labsFolder);
  for (const id of ids) {
    try {
      problems.push(...scriptSyntaxProblems(join(labsFolder, id)));
      loadLab(join(labsFolder, id));
    } catch (cause) {
      if (!(cause instanceof LabFormatError)) throw cause;
      problems.push(...cause.problems);
    }
  }
  if (problems.length === 0) {
    const [subject, verb] =
      ids.length === 1 ? [`Lab ${ids[0]} is`, 'it promises'] : [`All ${ids.length} labs are`, 'they promise'];
    say(`${subject} well written. \`npm run lab -- test\` proves what ${verb}.`);
    return 0;
  }
  say(new LabFormatError(problems).message);
  say(`\n${problems.length === 1 ? 'One problem' : `${problems.length} problems`}.`);
  return 1;
}
