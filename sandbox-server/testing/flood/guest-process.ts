import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver, Machine, MachineEnd } from '../../machines/driver.ts';
import { FakeDriver } from '../../machines/fake/fake-driver.ts';
import { ControlLink } from '../../machines/qemu/control-link.ts';
import { TerminalLink } from '../../machines/qemu/terminal-link.ts';
import type { GuestFlood } from './guest.ts';

/** A pretend guest's process, from outside. */
export class GuestProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;

  static async start({ niceness }: { niceness: number }): Promise<GuestProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-guest-'));
    const child = fork(join(import.meta.dirname, 'guest.ts'), [folder, String(niceness)], { execArgv: [] });
    await once(child, 'message');
    return new GuestProcess(child, folder);
  }

  constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  async flood(wanted: GuestFlood | null): Promise<void> {
    this.#child.send(wanted as string);
    await once(this.#child, 'message');
  }

  /** The server's end of it: links as to a real machine, over sockets that a real guest would write to. */
  async connect(id: string): Promise<Machine> {
    const { promise: ended, resolve: end } = Promise.withResolvers<MachineEnd>();
    const fail = (detail: string) => end({ cause: 'crashed', kind: 'agent', detail });
    const control = new ControlLink(await this.#open('control'));
    control.onViolation(fail);
    const socket = await this.#open('terminal');
    const terminal = new TerminalLink({ id: 'alice', user: 'alice', socket, control, onViolation: fail });
    control.onMessage(({ status }) => {
      if (status === 'open' || status === 'closed') terminal.setStatus(status);
    });
    return {
      ...{ id, ended, terminals: [terminal], record: {}, liveUntil: () => {}, release: () => {} },
      ...{ isPaused: false, pause: async () => {}, resume: async () => {}, usage: async () => undefined },
      ...{ answers: async () => {}, examine: async () => [] },
      run: async () => ({ status: 0, timedOut: false, stdout: '', stderr: '', truncated: false }),
      [Symbol.asyncDispose]: async () => {
        end({ cause: 'disposed' });
        control.close();
        terminal.close();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #open(name: string): Promise<Socket> {
    const socket = connect(join(this.#folder, name));
    await once(socket, 'connect');
    return socket;
  }
}

/** Hands out these guests, one after the other, then fake machines. */
export function guestDriver(guests: readonly GuestProcess[]): Driver {
  const left = [...guests];
  const fakes = new FakeDriver();
  const template = fakes.template('none', { hostname: 'fake', terminals: [{ id: 'alice', user: 'alice' }] });
  return {
    kind: 'fake',
    fork: async (_template, options) => left.shift()?.connect(options.id) ?? fakes.fork(template, options),
    adopt: async () => undefined,
    endNamed: async () => 0,
    disk: () => undefined,
    hosts: () => undefined,
    network: () => fakes.network(),
    problem: async () => undefined,
    [Symbol.asyncDispose]: () => fakes[Symbol.asyncDispose](),
  };
}
