import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PublicLab } from '../../labs/format/lab.ts';
import { loadPublicLab } from '../../labs/format/public-lab.ts';
import { ContentProblem } from './content-problem.ts';

/** What may ship with a page of the lab that a lesson names: no scripts, hints or solutions. */
export function publicLab(id: string, lessonFile: string): PublicLab {
  if (!existsSync(resolve('labs', id, 'lab.yaml'))) {
    throw new ContentProblem({
      file: lessonFile,
      problem: `names the lab "${id}", and there is no labs/${id}/lab.yaml`,
      fix: `correct the name, or write the lab first: npm run lab -- new ${id}`,
    });
  }
  return lastRightForm(id);
}

const lastRight = new Map<string, PublicLab>();

/** In `npm run dev`, a lab that is wrong while somebody edits it stays as it was; the author's panel says what is wrong. */
function lastRightForm(id: string): PublicLab {
  try {
    const lab = loadPublicLab(id);
    lastRight.set(id, lab);
    return lab;
  } catch (cause) {
    const before = lastRight.get(id);
    if (before === undefined) throw cause;
    return before;
  }
}
