import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface IdentifiedFiles {
  /** Another one for every other set of files, and for the same set once it has been made anew. */
  readonly digest: string;
  /** On disk: holes do not count. */
  readonly diskBytes: number;
}

const BLOCK_BYTES = 512;

/**
 * Without reading them: it would take seconds per template. Names, sizes and times of change are too little: what comes
 * out of an archive has whole seconds, so the two machines of a lab, frozen in the same one, were taken for each other.
 * Inode and the time of its change belong to one file, and no archive brings them along. Two templates of one key, made one
 * after the other, differ in them, too: a machine's memory fits the disk it was frozen with and no other.
 */
export async function identifyFiles(folder: string, names: readonly string[]): Promise<IdentifiedFiles> {
  const hash = createHash('sha256');
  let diskBytes = 0;
  for (const name of names) {
    const { size, mtimeNs, ctimeNs, ino, blocks } = await stat(join(folder, name), { bigint: true });
    hash.update(`${name} ${size} ${mtimeNs} ${ctimeNs} ${ino}\n`);
    diskBytes += Number(blocks) * BLOCK_BYTES;
  }
  return { digest: hash.digest('hex').slice(0, 32), diskBytes };
}
