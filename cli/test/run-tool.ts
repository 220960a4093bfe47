import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const PROJECT = join(import.meta.dirname, '../..');

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A runner waits for ever for a test file that leaves something open. */
  readonly timeoutMs: number;
}

/** Runs a program of Node's in the project's folder, its output going straight through. Resolves to its status. */
export function runNode(args: readonly string[], { env, timeoutMs }: RunOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: PROJECT,
      timeout: timeoutMs,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', ...env },
    });
    child.on('error', reject);
    child.on('close', (status) => {
      // By its signal it cannot be told: node --test says what it was at, and ends by itself.
      if (child.killed) console.error(`Ended after ${timeoutMs / 60_000} minutes: it had not come to an end.`);
      resolve(status ?? 1);
    });
  });
}
