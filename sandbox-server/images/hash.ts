import { createHash } from 'node:crypto';

/** Short enough for a folder's name, long enough never to meet another one. */
export function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
