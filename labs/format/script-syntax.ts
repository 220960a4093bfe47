import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { LabFolder } from './lab-folder.ts';
import type { Problem } from './problem.ts';

/** bash says neither where it begins nor what it is. */
const UNENDED = ' Something is begun and not ended: if wants fi, do wants done, case wants esac, { wants }.';

/** What bash says of the scripts of a lab without running them. A process per script: for authors, not for every load. */
export function scriptSyntaxProblems(labPath: string): readonly Problem[] {
  const folder = new LabFolder(labPath);
  for (const file of folder.scriptFiles()) {
    const { stderr } = spawnSync('bash', ['-n', join(folder.path, file)], { encoding: 'utf8' });
    const [, line, message] = /: line (\d+): (.+)/.exec(stderr ?? '') ?? [];
    if (line === undefined || message === undefined) continue;
    const lines = (folder.read(file) ?? '').split('\n');
    const offset = lines.slice(0, Number(line) - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const told = {
      message: `bash cannot read it: ${message}.${message.includes('unexpected end of file') ? UNENDED : ''}`,
      instead: null,
    };
    folder.wrongIn(file, Math.min(offset, lines.join('\n').length), told);
  }
  return folder.problems;
}
