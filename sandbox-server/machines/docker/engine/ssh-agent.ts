import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Agent, type ClientRequestArgs } from 'node:http';
import { Duplex } from 'node:stream';
import type { EngineAddress } from './engine-address.ts';

type SshAddress = Extract<EngineAddress, { kind: 'ssh' }>;

const LAST_WORDS = 1000;

/**
 * Connects as the docker CLI does: an `ssh` of its own per connection, with whatever keys, hosts and jumps ssh is
 * configured for, that runs `docker system dial-stdio` at the other end.
 */
export class SshAgent extends Agent {
  readonly #address: SshAddress;

  constructor(address: SshAddress) {
    super({ keepAlive: true });
    this.#address = address;
  }

  override createConnection(_options: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void) {
    const stream = new SshStream(sshArguments(this.#address));
    callback?.(null, Object.assign(stream, SOCKET_WAYS));
    return stream;
  }
}

/** What goes to an ssh and comes from it. It ends when ssh has, with what that said if it failed. */
class SshStream extends Duplex {
  readonly #ssh: ChildProcessWithoutNullStreams;
  #said = '';

  constructor(words: readonly string[]) {
    super();
    this.#ssh = spawn('ssh', words);
    this.#ssh.stdout.on('data', (data: Buffer) => {
      if (!this.push(data)) this.#ssh.stdout.pause();
    });
    this.#ssh.stdin.on('error', () => {});
    this.#ssh.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-LAST_WORDS);
    });
    this.#ssh.on('error', (cause) => this.destroy(cause));
    this.#ssh.on('close', (status) => {
      if (status === 0) this.push(null);
      else this.destroy(new SshError(this.#said.trim() || `ssh ended with ${status}`));
    });
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(data: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#ssh.stdin.write(data, () => done());
  }

  override _final(done: () => void): void {
    this.#ssh.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ssh.kill();
    done(error);
  }
}

/** What ssh itself said, for whoever runs Drydock. */
export class SshError extends Error {
  override readonly name = 'SshError';
}

/** What http asks of a socket and a pipe has no need for. */
const SOCKET_WAYS = {
  setTimeout: () => {},
  setKeepAlive: () => {},
  setNoDelay: () => {},
  ref: () => {},
  unref: () => {},
};

/** No question is asked: nobody is there to answer it. */
function sshArguments({ host, port, user }: SshAddress): string[] {
  return [
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T'],
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...['--', host, 'docker', 'system', 'dial-stdio'],
  ];
}
