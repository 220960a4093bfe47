import { readdir, readFile } from 'node:fs/promises';

/**
 * Tells of a folder whether some process was started with it, or a folder in it, on its command line: the jail of every
 * machine names its template there, whichever server started it and whether or not that one still lives.
 */
export async function foldersInUse(proc = '/proc'): Promise<(folder: string) => boolean> {
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`${proc}/${pid}/cmdline`, 'utf8').catch(() => '')));
  const words = lines.flatMap((line) => line.split('\0'));
  return (folder) => words.some((word) => word === folder || word.startsWith(`${folder}/`));
}
