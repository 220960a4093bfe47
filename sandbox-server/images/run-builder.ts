import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
  /** A file of the caller's that it inherits as descriptor 3. */
  readonly diskFd?: number;
}

const ERROR_LINES = 15;

export async function run(command: string, args: readonly string[], { onProgress, signal, diskFd }: RunOptions) {
  const child = spawn(command, args, {
    // INITRD=No: Debian's kernel package would spend ten seconds on a first root that we replace.
    env: { ...process.env, INITRD: 'No', LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe', ...(diskFd === undefined ? [] : [diskFd])],
    // A process group of its own: mmdebstrap, told to stop, waits for its children, which nobody has told.
    detached: true,
  });
  const stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  signal?.addEventListener('abort', stop, { once: true });
  const lines: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
    onProgress(lines.at(-1) ?? '');
  });
  let failure: Error | undefined;
  child.on('error', (error) => {
    failure = error;
  });
  // Not before it is gone: the folder it writes into is about to be removed.
  const status = await new Promise((resolve) => child.once('close', resolve));
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (failure) throw failure;
  if (status !== 0) {
    throw new Error(`${command} ended with ${status}:\n${lines.slice(-ERROR_LINES).join('\n')}`);
  }
}
