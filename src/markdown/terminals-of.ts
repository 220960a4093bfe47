import { readFileSync } from 'node:fs';
import type { PublicLab } from '../../labs/format/lab.ts';
import { publicLab } from '../lessons/public-lab.ts';

type Terminals = PublicLab['terminals'];

/** A page has some forty blocks; its lab is read once. */
const known = new Map<string, Terminals>();

/** The terminals of the lab that a lesson's file names in its frontmatter. */
export function terminalsOf(lessonFile: string): Terminals {
  const lab = /^---\n[\s\S]*?^lab: *(\S+)$[\s\S]*?^---$/m.exec(readFileSync(lessonFile, 'utf8'))?.[1];
  if (lab === undefined) return [];
  const terminals = known.get(lab) ?? publicLab(lab, lessonFile).terminals;
  known.set(lab, terminals);
  return terminals;
}
