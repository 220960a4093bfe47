import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits for an exclusive lock on a file and holds it until disposed. The kernel holds it for a child process that
 * ends with ours, so a killed process leaves no lock behind. (Node has no flock of its own.)
 */
export async function lockFile(path: string): Promise<AsyncDisposable> {
  const lock = await hold(path, []);
  if (!lock) throw new Error(`${path} could not be locked: is its folder writable?`);
  return lock;
}

/** Does not wait: null when another process holds it. */
export function tryLockFile(path: string): Promise<AsyncDisposable | null> {
  return hold(path, ['--nonblock']);
}

/** Waits for so long: null when another process still holds it. */
export function lockFileWithin(path: string, seconds: number): Promise<AsyncDisposable | null> {
  return hold(path, ['--timeout', String(seconds)]);
}

async function hold(path: string, options: readonly string[]): Promise<AsyncDisposable | null> {
  const holder = spawn('flock', ['--exclusive', ...options, path, 'sh', '-c', 'echo locked; cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C reaches a whole process group: the lock must last until we have cleaned up.
    detached: true,
  });
  holder.stdin.on('error', () => {});
  const exited = once(holder, 'exit');
  const [first] = await Promise.race([once(holder.stdout, 'data'), exited]);
  if (!Buffer.isBuffer(first)) return null;
  const dispose = async () => {
    holder.stdin.end();
    await exited;
  };
  return { [Symbol.asyncDispose]: dispose };
}
