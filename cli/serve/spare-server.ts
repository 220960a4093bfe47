import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { endMachines } from '../../sandbox-server/machines/local/run-folder.ts';
import { resolvePaths } from '../../sandbox-server/paths.ts';

export interface SpareServerOptions {
  /** Tells its state folder from those of other spare servers. */
  readonly name: string;
  /** Settings that differ: docs/configuration.md. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Room for everybody, and no limits to hit. */
const SETTINGS = {
  HOST: '127.0.0.1',
  PORT: '0',
  METRICS_PORT: '0',
  LOG_LEVEL: 'error',
  MAX_SANDBOXES: '200',
  SANDBOXES_PER_ADDRESS: '1000',
  REQUESTS_PER_MINUTE: '100000',
  MAX_CONNECTIONS: '1000',
  POOL_MAX: '0',
  RESETS_PER_MINUTE: '1000',
  MESSAGES_PER_SECOND: '10000',
};

/** The real server beside any that runs, for benchmarks and browser tests: a process, a port and a store of its own. */
export class SpareServer implements AsyncDisposable {
  readonly #stateFolder: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #origin = '';
  #metricsPort = 0;

  private constructor(stateFolder: string, env: NodeJS.ProcessEnv) {
    this.#stateFolder = stateFolder;
    this.#env = { ...process.env, ...SETTINGS, ...env, XDG_STATE_HOME: stateFolder };
  }

  static async start({ name, env = {} }: SpareServerOptions): Promise<SpareServer> {
    const { state } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
    const stateFolder = join(state, `${name}-${process.pid}`);
    await mkdir(stateFolder, { recursive: true, mode: 0o711 });
    const server = new SpareServer(stateFolder, env);
    await server.#launch(server.#env);
    return server;
  }

  get origin(): string {
    return this.#origin;
  }

  get stateFolder(): string {
    return this.#stateFolder;
  }

  /** Heap and buffers that it really holds, after it was made to look for what can go. */
  async memoryBytes(): Promise<number> {
    this.#child?.send('memory');
    const [message] = await once(this.#child ?? process, 'message');
    return (message as { memoryBytes: number }).memoryBytes;
  }

  /** A figure without labels, as docs/operating.md has them. */
  async figure(name: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`);
    const [, value] = new RegExp(`^${name} (.+)$`, 'm').exec(await response.text()) ?? [];
    return Number(value);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** kill -9: it has no time to put anything in order. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** As a service manager does it. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** After it has gone: at the same address, with the same store. */
  async startAgain(): Promise<void> {
    await this.#launch({ ...this.#env, PORT: new URL(this.#origin).port });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGTERM');
    // Those that a crash left and no other server took over.
    await endMachines({ stateFolder: join(this.#stateFolder, 'drydock') });
    await rm(this.#stateFolder, { recursive: true, force: true });
  }

  async #launch(env: NodeJS.ProcessEnv): Promise<void> {
    const child = fork(join(import.meta.dirname, 'server-process.ts'), { env, execArgv: [] });
    this.#child = child;
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (typeof message !== 'object' || message === null || !('origin' in message)) {
      await this[Symbol.asyncDispose]();
      throw new Error('The spare server did not start; what it said is above.');
    }
    this.#origin = String(message.origin);
    this.#metricsPort = Number('metricsPort' in message ? message.metricsPort : 0);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
