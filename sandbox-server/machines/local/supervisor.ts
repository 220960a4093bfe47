import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex, Writable } from 'node:stream';
import type { Keeper } from '../qemu/qemu-process.ts';
import { MACHINE_UIDS } from './jail.ts';
import { ProcessState } from './process-state.ts';

export interface SuperviseOptions {
  /** What it runs. A part `--reuid={uid}` or `--regid={uid}` names the host user that it finds. */
  readonly command: readonly string[];
  /** Where it listens; nobody else may write to the folder. That goes when the machine does. */
  readonly socket: string;
  /** Folders, with what is in them, that become that host user's. */
  readonly writable: readonly string[];
  /** Whether it finds a host user for the command, whom nobody else on this host has. */
  readonly ownUser: boolean;
  /** Connected sockets that the command inherits, from descriptor `FIRST_INHERITED_FD` on. */
  readonly inherited: number;
  /** What it reads as standard input. */
  readonly stdin?: 'pipe' | Writable;
}

export interface Supervised {
  readonly supervisor: Supervisor;
  readonly inherited: readonly Duplex[];
  /** The other end of a pipe as standard input. */
  readonly stdin: Writable | null;
}

/** Descriptor of the first connected socket that a supervised command inherits. */
export const FIRST_INHERITED_FD = 4;
const CONNECTION_FD = 3;
/** A lock per host user. They are the host's, whichever state folder a process uses. */
export const USERS_FOLDER = '/run/drydock/users';
const PROGRAM = join(import.meta.dirname, 'supervisor.pl');
/** No machine lives longer, whatever its server asks for: the longest that settings allow, and an hour. */
const LONGEST_LIFE_S = 25 * 60 * 60;
/** It ends a machine at once; one that does not answer is ended itself, and its machine with it, if its id is known. */
export const KILL_PATIENCE_MS = 10_000;
const MAX_MESSAGE_CHARACTERS = 8 * 1024;

/** Starts a command under a supervisor of its own, in a session of its own. */
export function supervise(options: SuperviseOptions): Supervised {
  const { command, socket, writable, ownUser, inherited, stdin = 'ignore' } = options;
  const { first, count } = MACHINE_UIDS;
  const numbers = [LONGEST_LIFE_S, ownUser ? USERS_FOLDER : '-', first, count].map(String);
  const child = spawn('perl', [PROGRAM, socket, ...numbers, ...writable, '--', ...command], {
    stdio: [stdin, 'ignore', 'ignore', 'pipe', ...Array.from({ length: inherited }, () => 'pipe' as const)],
    cwd: '/',
    detached: true,
  });
  child.unref();
  let failure: string | undefined;
  child.once('error', ({ message }) => {
    failure = `its supervisor did not start: ${message}`;
  });
  const sockets = child.stdio.slice(CONNECTION_FD) as Duplex[];
  for (const each of sockets) each.on('error', () => {});
  const [connection, ...others] = sockets as [Duplex, ...Duplex[]];
  return { supervisor: new Supervisor(connection, () => failure), inherited: others, stdin: child.stdin };
}

/** `undefined` when nobody answers there: the machine is over. */
export async function findSupervisor(path: string): Promise<Supervisor | undefined> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  return new Supervisor(socket);
}

/**
 * A connection with the small program that looks after one machine (supervisor.pl). It starts the machine's process and
 * ends with it; it takes the host user and holds it; it keeps the end of what the process writes to standard error. As
 * long as nobody has said how long the machine may live, it lives as long as a connection does: what is made half, and
 * what belongs to a command, ends with its maker. From then on it lives until then, with or without a server.
 */
export class Supervisor implements Keeper {
  /** Resolves with why the machine ended, for logs, when nothing of it is left. */
  readonly ended: Promise<string>;
  /** Of the machine's first process; the others are below it. */
  readonly machinePid: Promise<number | undefined>;
  readonly state: Promise<ProcessState | undefined>;
  readonly #connection: Duplex;
  #text = '';
  #pid: number | undefined;
  #isOver = false;
  #isGivenUp = false;

  constructor(connection: Duplex, failure: () => string | undefined = () => undefined) {
    this.#connection = connection;
    const ended = Promise.withResolvers<string>();
    const started = Promise.withResolvers<number | undefined>();
    this.ended = ended.promise;
    this.machinePid = started.promise;
    this.state = started.promise.then((pid) => (pid === undefined ? undefined : new ProcessState(pid)));
    connection.setEncoding('utf8').on('data', (text: string) => {
      this.#text = (this.#text + text).slice(0, MAX_MESSAGE_CHARACTERS);
      const [, supervisor, machine] = /^running (\d+) (\d+)\n/.exec(this.#text) ?? [];
      if (supervisor === undefined) return;
      this.#pid = Number(supervisor);
      started.resolve(Number(machine));
    });
    connection.on('error', () => {});
    connection.once('close', () => {
      this.#isOver = true;
      started.resolve(undefined);
      const gone = this.#isGivenUp ? 'its supervisor does not answer' : 'its supervisor is gone';
      ended.resolve(/(?:^|\n)ended ([\s\S]*)/.exec(this.#text)?.[1] ?? failure() ?? gone);
    });
  }

  /** The machine lives on without a server, until `time` (milliseconds since 1970) and not a day longer than it did. */
  liveUntil(time: number): void {
    if (!this.#isOver) this.#connection.write(`live-until ${Math.floor(time)}\n`);
  }

  /** Resolves when nothing of the machine is left, or when its supervisor has never said a word and goes on so. */
  async kill(): Promise<void> {
    if (!this.#isOver) this.#connection.write('kill\n');
    const impatience = setTimeout(() => this.#insist(), KILL_PATIENCE_MS);
    await this.ended;
    clearTimeout(impatience);
  }

  /** One that was stopped before it greeted finds what it was told when it goes on. */
  #insist(): void {
    if (this.#pid === undefined) {
      this.#isGivenUp = true;
      this.#connection.destroy();
    } else {
      killProcess(this.#pid);
    }
  }

  /** Goes without a word: what becomes of the machine is as it was said before. */
  release(): void {
    this.#connection.destroy();
  }
}

/** It holds its end of a connection that is open, so the id is still its own. */
function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
