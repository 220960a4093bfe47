import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { imageIds, loadImage } from '../../labs/format/image.ts';
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
  for (const image of imageIds(labsFolder))
    problems.push(...problemsOf(() => loadImage(join(labsFolder, 'images'), image)));
  for (const id of ids) {
    problems.push(...scriptSyntaxProblems(join(labsFolder, id)));
    problems.push(...problemsOf(() => loadLab(join(labsFolder, id))));
  }
  // What is wrong with an image is wrong with every lab of it.
  const told = problems.filter((one, index) => problems.findIndex((other) => isDeepStrictEqual(one, other)) === index);
  if (told.length === 0) {
    const [subject, verb] =
      ids.length === 1 ? [`Lab ${ids[0]} is`, 'it promises'] : [`All ${ids.length} labs are`, 'they promise'];
    say(`${subject} well written. \`npm run lab -- test\` proves what ${verb}.`);
    return 0;
  }
  say(new LabFormatError(told).message);
  say(`\n${told.length === 1 ? 'One problem' : `${told.length} problems`}.`);
  return 1;
}

function problemsOf(load: () => unknown): readonly Problem[] {
  try {
    load();
    return [];
  } catch (cause) {
    if (cause instanceof LabFormatError) return cause.problems;
    throw cause;
  }
}
