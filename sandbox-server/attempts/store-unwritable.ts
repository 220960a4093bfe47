import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DrydockError } from '../errors.ts';

const MIB = 1024 * 1024;

/** For the operator: which file, why, and how much room its disk has. */
export function storeUnwritable(file: string, cause: unknown): DrydockError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message =
    `The store ${file} could not be written: ${why}. ${freeSpace(file)}Make room there. ` +
    'Machines that run go on; what is earned meanwhile may not be kept.';
  return new DrydockError('store-unwritable', message, { cause });
}

function freeSpace(file: string): string {
  if (file === ':memory:') return '';
  const folder = dirname(file);
  try {
    const { bavail, bsize } = statfsSync(folder);
    return `${Math.floor((bavail * bsize) / MIB)} MiB are free in ${folder}. `;
  } catch {
    return '';
  }
}
