import { join } from 'node:path';
import type { Lab } from '../../labs/format/lab.ts';
import { loadLab } from '../../labs/format/load-lab.ts';
import { labIds } from '../../labs/format/load-labs.ts';
import { LabFormatError } from '../../labs/format/problem.ts';
import { Stop } from '../preflight/stop.mjs';

export const LABS_FOLDER = join(import.meta.dirname, '../../labs');

/** The labs named, or all of them. A name that does not exist is an error, lest nothing be tried and called green. */
export function chosenIds(names: readonly string[], labsFolder = LABS_FOLDER): readonly string[] {
  const ids = labIds(labsFolder);
  const unknown = names.filter((name) => !ids.includes(name));
  if (unknown.length > 0) {
    throw new Stop({ what: `There is no lab "${unknown.join('", "')}".`, fix: `There are: ${ids.join(', ')}.` });
  }
  return names.length === 0 ? ids : names;
}

/** A lab by its name, what is wrong with its files told without a stack. */
export function findLab(name: string, labsFolder = LABS_FOLDER): Lab {
  const [id = ''] = chosenIds([name], labsFolder);
  try {
    return loadLab(join(labsFolder, id));
  } catch (cause) {
    if (cause instanceof LabFormatError) throw new Stop({ what: cause.message });
    throw cause;
  }
}

/** Of a step that somebody named; undefined is the beginning. */
export function requireStep(lab: Lab, step: string | undefined): void {
  const ids = lab.steps.map(({ id }) => id);
  if (step === undefined || ids.includes(step)) return;
  throw new Stop({ what: `Lab ${lab.id} has no step "${step}".`, fix: `It has: ${ids.join(', ')}.` });
}
