import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isEditorsOwn } from './editor-files.ts';
import type { LabFolder } from './lab-folder.ts';

/** A script and its files travel in one message to the machine, of 1 MiB at most, in base64. */
const MAX_FILES_BYTES = 512 * 1024;

/**
 * Bash that puts a machine's files in place: what lies in its `files/` as its root folder has it, root's, executable
 * where the file is. Part of its setup, and so of the hash of its template. Empty when there are none.
 */
export function placeFiles(folder: LabFolder, files: string): string {
  const root = join(folder.path, files);
  if (!existsSync(root)) return '';
  const found = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isEditorsOwn(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const bytes = found.reduce((sum, path) => sum + statSync(path).size, 0);
  if (bytes > MAX_FILES_BYTES) {
    const limit = `${MAX_FILES_BYTES / 1024} KiB in all`;
    folder.wrong(['machines'], `${folder.named(files)} holds ${bytes} bytes; the files of a machine may be ${limit}.`);
  }
  return found.map((path) => placeFile(path, `/${relative(root, path)}`)).join('');
}

function placeFile(path: string, target: string): string {
  const mode = statSync(path).mode & 0o100 ? '755' : '644';
  const content = readFileSync(path).toString('base64');
  return `base64 --decode <<<'${content}' | install -D -m ${mode} /dev/stdin ${quote(target)} || exit\n`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
