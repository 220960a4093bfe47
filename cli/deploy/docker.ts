import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Stop } from '../preflight/stop.mjs';

/** The docker CLI's answer; the engine is the one that it would speak to. */
export async function docker(args: readonly string[], input?: ChildProcess): Promise<string> {
  const child = spawn('docker', args, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  const status = Promise.race([
    once(child, 'close').then(([code]) => code as number | null),
    once(child, 'error').then(([cause]) => Promise.reject(missing(cause as Error))),
  ]);
  status.catch(() => {});
  const said = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ''));
  // A docker that fails does not read to the end; what it says is the better reason.
  if (input?.stdout && child.stdin) await pipeline(input.stdout, child.stdin).catch(() => {});
  const [code, out, err] = await Promise.all([status, ...said]);
  if (code === 0) return String(out).trim();
  throw new Stop({
    what: `docker ${args.slice(0, 2).join(' ')} did not succeed:\n${`${err}`.trim()}`,
    fix: 'See that "docker version" works here, and run the same command again.',
  });
}

export const has = (kind: 'image' | 'volume', name: string): Promise<boolean> =>
  docker([kind, 'inspect', name]).then(
    () => true,
    () => false,
  );

export const tar = (args: readonly string[]): ChildProcess =>
  spawn('tar', ['--create', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

const missing = (cause: Error): Stop =>
  new Stop({
    what: `docker could not be started: ${cause.message}.`,
    fix: 'Install the docker CLI (Debian: docker.io).',
  });
