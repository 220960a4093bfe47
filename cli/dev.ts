import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readConfig } from '../sandbox-server/config.ts';
import { Interruption } from '../sandbox-server/interruption.ts';
import { requireFreePort } from './serve/free-port.ts';

const PROJECT = join(import.meta.dirname, '..');

/** What the server is made of; a change in one of these starts it again. Labs it watches itself, and goes on. */
const WATCHED = ['sandbox-server', 'protocol', 'labs/format', 'labs/images', 'cli/dev'];

/**
 * `npm run dev`: the site with hot reload on PORT, the server behind it on the next port. Either ending, or Ctrl-C,
 * ends both.
 */
export async function run(): Promise<number> {
  const { host, port } = readConfig(process.env);
  const serverPort = port + 1;
  for (const wanted of [port, serverPort]) await requireFreePort({ host, port: wanted });
  const site = `http://127.0.0.1:${port}`;
  const children = [
    start(['node_modules/astro/bin/astro.mjs', 'dev', '--host', host, '--port', String(port)], {
      DRYDOCK_SERVER: `http://127.0.0.1:${serverPort}`,
      ASTRO_TELEMETRY_DISABLED: '1',
    }),
    start(
      ['--watch', '--watch-preserve-output', ...WATCHED.map((path) => `--watch-path=${path}`), 'cli/dev/server.ts'],
      {
        PORT: String(serverPort),
        // Started again, it goes on with the machines that there are; ended for good (SIGINT), it ends them.
        ON_STOP: 'keep',
        // A machine forked ahead would be one of a lab as it was.
        POOL_MAX: process.env.POOL_MAX ?? '0',
        PUBLIC_ORIGINS: [site, `http://localhost:${port}`].join(','),
        DRYDOCK_SITE: site,
      },
    ),
  ];
  using interruption = new Interruption();
  const interrupted = once(interruption.signal, 'abort');
  await Promise.race([interrupted, ...children.map((child) => once(child, 'exit'))]);
  await Promise.all(children.map(end));
  return interruption.signal.aborted ? 0 : 1;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: PROJECT,
    // A group of its own: a terminal's Ctrl-C reaches only us, and we end each child once.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
}

/** Resolves when it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}
