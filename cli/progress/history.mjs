import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * How long each step took the last time it did its work, so that the next run can say what to expect.
 *
 * @typedef {object} History
 * @property {(id: string) => number | undefined} lastSeconds
 * @property {(id: string, seconds: number) => void} remember
 */

/**
 * @param {string} file JSON; losing it costs nothing but the better estimate, so every error is swallowed
 * @returns {History}
 */
export function openHistory(file) {
  const seconds = read(file);
  return {
    lastSeconds: (id) => seconds.get(id),
    remember(id, value) {
      seconds.set(id, Math.round(value * 10) / 10);
      write(file, seconds);
    },
  };
}

/** @param {string} file @returns {Map<string, number>} */
function read(file) {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
    return new Map(entries.filter(([, value]) => typeof value === 'number'));
  } catch {
    return new Map();
  }
}

/** @param {string} file @param {Map<string, number>} seconds */
function write(file, seconds) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(Object.fromEntries(seconds), null, 2)}\n`);
    renameSync(draft, file);
  } catch {
    // A full or read-only disk is reported by the step that needs it.
  }
}
