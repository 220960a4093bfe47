import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits for an exclusive lock on a file and holds it until disposed. The kernel holds it for a child process that
 * ends with ours, so a killed process leaves no lock behind. (Node has no flock of its own.)
 */
export async function lockFile(path: string): Promise<AsyncDisposable> {
  const holder = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo locked; cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(holder, 'exit');
  const [first] = await Promise.race([once(holder.stdout, 'data'), exited, once(holder, 'error')]);
  if (!Buffer.isBuffer(first)) throw new Error(`${path} could not be locked: flock ended with ${String(first)}`);
  const dispose = async () => {
    holder.stdin.end();
    await exited;
  };
  return { [Symbol.asyncDispose]: dispose };
}
