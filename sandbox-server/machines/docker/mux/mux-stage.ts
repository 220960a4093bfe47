import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

const MUX = join(import.meta.dirname, '../runner/mux.pl');

/** In QEMU's place: greets on its monitor, listens on echo.sock and sends back what comes, in pieces of odd sizes. */
const ECHO = String.raw`
  my ($folder) = @ARGV;
  open my $monitor, '+<&=', 3;
  socket my $door, 1, 1, 0;
  bind $door, pack 'S Z*', 1, "$folder/echo.sock";
  listen $door, 8;
  syswrite $monitor, "greeting\n";
  while (accept my $socket, $door) {
    next if fork;
    while (sysread $socket, my $bytes, 777) { syswrite $socket, $bytes }
    exit;
  }
`;

export interface Stage extends AsyncDisposable {
  readonly folder: string;
  readonly pid: number;
  /** A connection to the mux, as a relay's. */
  connect(): Promise<Socket>;
  /** Resolves when the mux has ended. */
  readonly ended: Promise<unknown>;
}

/** A real mux on this host, without a container. */
export async function startMux(settings: readonly string[] = [], command?: readonly string[]): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'dd-mux-'));
  const machine = command ?? ['perl', '-e', ECHO, folder];
  const child = spawn('perl', [MUX, `folder=${folder}`, ...settings, '--', ...machine], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  (child.stderr as Readable).setEncoding('utf8').on('data', (text) => process.stderr.write(text));
  const ended = once(child, 'close');
  const reach = async (): Promise<Socket> => {
    for (;;) {
      const socket = connect(join(folder, 'mux.sock'));
      try {
        await once(socket, 'connect');
        return socket;
      } catch (cause) {
        if (child.exitCode !== null || child.signalCode !== null) throw cause;
        await delay(10);
      }
    }
  };
  return {
    ...{ folder, pid: child.pid ?? 0, connect: reach, ended },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
