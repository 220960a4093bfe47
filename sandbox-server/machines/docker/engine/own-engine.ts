import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A dockerd of a test's own: its socket, data and processes are in one folder, and the system's has nothing to do with it. */
export interface OwnEngine extends AsyncDisposable {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  readonly folder: string;
  start(): Promise<void>;
  /** As a crash: its containers' processes go on. */
  kill(): Promise<void>;
  /** Asks it to stop, and waits. */
  stop(): Promise<void>;
  /** Processes that it, or what it started, has left. */
  processes(): number[];
  /** What is mounted in its folder. */
  mounts(): string[];
}

/** For `skip`: starting an engine and baking on it takes minutes, needs root, and Debian's docker.io. */
export const CANNOT_RUN_ENGINE = !process.env.ENGINE_TESTS
  ? 'it starts a Docker Engine of its own: ENGINE_TESTS=1 asks for it'
  : process.getuid?.() !== 0
    ? 'an engine of its own needs root'
    : existsSync('/usr/sbin/dockerd')
      ? false
      : 'dockerd is not installed';

const LOOK_MS = 50;

export async function startOwnEngine(args: readonly string[] = []): Promise<OwnEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'dd-engine-'));
  const socket = join(folder, 'docker.sock');
  const pidfile = join(folder, 'pid');
  const configFile = join(folder, 'daemon.json');
  writeFileSync(configFile, '{}');
  let daemon: ChildProcess | undefined;

  const start = async () => {
    const log = openSync(join(folder, 'log'), 'a');
    const own = ['data-root', 'exec-root'].flatMap((name) => [`--${name}`, join(folder, name)]);
    const child = spawn(
      'dockerd',
      [
        ...['--host', `unix://${socket}`, ...own, '--pidfile', pidfile, '--config-file', configFile],
        ...['--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
        ...args,
      ],
      { stdio: ['ignore', log, log], detached: true },
    );
    daemon = child;
    while (!(await answers(socket))) {
      if (child.exitCode !== null)
        throw new Error(`dockerd ended:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-4000)}`);
      await delay(LOOK_MS);
    }
  };
  const signalled = async (signal: NodeJS.Signals) => {
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'close');
    daemon.kill(signal);
    await ended;
    rmSync(pidfile, { force: true });
  };
  const processes = () => processesNaming(folder);
  const mounts = () => mountsIn(folder);
  await start();
  return {
    ...{ host: `unix://${socket}`, folder, start, processes, mounts },
    kill: async () => {
      await signalled('SIGKILL');
      // It dies with its parent, a moment later; the next one would take it for its own.
      while (commandsNaming(folder).some((command) => command.startsWith('containerd\0'))) await delay(LOOK_MS);
      rmSync(join(folder, 'exec-root/containerd/containerd.pid'), { force: true });
    },
    stop: () => signalled('SIGTERM'),
    [Symbol.asyncDispose]: async () => {
      await signalled('SIGTERM');
      // The containerd of an engine that was killed, if there was one.
      for (const pid of processes()) process.kill(pid, 'SIGKILL');
      while (processes().length > 0) await delay(LOOK_MS);
      for (const mount of mounts().reverse()) await once(spawn('umount', [mount], { stdio: 'ignore' }), 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(socket: string): Promise<boolean> {
  const { request } = await import('node:http');
  return new Promise((resolve) => {
    const asked = request({ socketPath: socket, path: '/_ping' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

/** Everything that an engine starts names its folder: containerd, and a shim per container. */
function processesNaming(folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => commandOf(pid).includes(folder)).map(Number);
}

const commandsNaming = (folder: string): string[] => processesNaming(folder).map((pid) => commandOf(String(pid)));

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function mountsIn(folder: string): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
}
