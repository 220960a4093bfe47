import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { loadLab } from './load-lab.ts';
import { LabFormatError, type Problem } from './problem.ts';

/** Every lab in a folder, by id. Throws one LabFormatError with the problems of all of them. */
export function loadLabs(labsFolder: string): ReadonlyMap<string, Lab> {
  const labs = new Map<string, Lab>();
  const problems: Problem[] = [];
  for (const id of labIds(labsFolder)) {
    try {
      labs.set(id, loadLab(join(labsFolder, id)));
    } catch (error) {
      if (!(error instanceof LabFormatError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new LabFormatError(problems);
  return labs;
}

/** A folder is a lab when it holds a lab.yaml: labs/kit, labs/format and labs/images are not. */
export function labIds(labsFolder: string): string[] {
  const folders = readdirSync(labsFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => name)
    .filter((name) => existsSync(join(labsFolder, name, 'lab.yaml')))
    .sort();
}
