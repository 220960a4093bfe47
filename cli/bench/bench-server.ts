import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { resolvePaths } from '../../sandbox-server/paths.ts';

export interface BenchServer extends AsyncDisposable {
  readonly origin: string;
  readonly pid: number;
}

/** A server of our own beside any that runs: another store, another port, room for everybody, no limits to hit. */
export async function startBenchServer(): Promise<BenchServer> {
  const { state } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
  const stateFolder = join(state, `bench-${process.pid}`);
  await mkdir(stateFolder, { recursive: true, mode: 0o711 });
  const child = fork(join(import.meta.dirname, 'server-process.ts'), {
    env: {
      ...process.env,
      XDG_STATE_HOME: stateFolder,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'error',
      MAX_SANDBOXES: '200',
      REQUESTS_PER_MINUTE: '100000',
      MAX_CONNECTIONS: '1000',
      RESETS_PER_MINUTE: '1000',
      MESSAGES_PER_SECOND: '10000',
    },
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(stateFolder, { recursive: true, force: true });
  };
  const [message] = await Promise.race([once(child, 'message'), exited]);
  if (typeof message !== 'object' || message === null || !('origin' in message)) {
    await stop();
    throw new Error('The server of the benchmark did not start; what it said is above.');
  }
  return { origin: String(message.origin), pid: child.pid ?? 0, [Symbol.asyncDispose]: stop };
}
