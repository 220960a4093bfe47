import type { Lab } from '../../labs/format/lab.ts';
import type { Machine, MachineTerminal, MachineTerminalEvents } from '../../sandbox-server/machines/driver.ts';
import { rehearse } from '../../sandbox-server/machines/fake/rehearsal.ts';
import type { Engine } from './tryout.ts';

/** For tests: fake machines whose prompts carry the marks that the image's shells print. */
export function markedEngine(lab: Lab): Engine & { readonly alive: ReadonlySet<unknown> } {
  const { driver, templates } = rehearse(new Map([[lab.id, lab]]));
  return {
    templates,
    alive: driver.machines,
    driver: {
      kind: 'fake',
      fork: async (template, options) => withMarks(await driver.fork(template, options)),
      network: () => driver.network(),
      problem: () => driver.problem(),
      adopt: async () => undefined,
      endNamed: async () => 0,
      disk: () => undefined,
      hosts: () => undefined,
      [Symbol.asyncDispose]: () => driver[Symbol.asyncDispose](),
    },
  };
}

function withMarks(machine: Machine): Machine {
  return {
    id: machine.id,
    ended: machine.ended,
    terminals: machine.terminals.map((terminal) => new MarkedTerminal(terminal)),
    record: machine.record,
    liveUntil: (time) => machine.liveUntil(time),
    release: () => machine.release(),
    isPaused: false,
    pause: () => machine.pause(),
    resume: () => machine.resume(),
    usage: () => machine.usage(),
    answers: (signal) => machine.answers(signal),
    examine: () => machine.examine(),
    run: (request) => machine.run(request),
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

class MarkedTerminal implements MachineTerminal {
  readonly id: string;
  readonly user: string;
  readonly #terminal: MachineTerminal;

  constructor(terminal: MachineTerminal) {
    this.id = terminal.id;
    this.user = terminal.user;
    this.#terminal = terminal;
  }

  get status(): 'open' | 'closed' {
    return this.#terminal.status;
  }

  get outputStart(): number {
    return this.#terminal.outputStart;
  }

  get outputEnd(): number {
    return this.#terminal.outputEnd;
  }

  get inputApplied(): number {
    return this.#terminal.inputApplied;
  }

  listen(events: MachineTerminalEvents): void {
    let offset = 0;
    this.#terminal.listen({
      inputApplied: (applied) => events.inputApplied(applied),
      status: (status) => events.status(status),
      output: (realOffset, bytes) => {
        this.#terminal.acknowledge(realOffset + bytes.length);
        const text = Buffer.from(bytes).toString();
        const marked = Buffer.from(text.replace(/\w+@\w+:~[$#] /g, '\x1b]133;D;0\x07$&\x1b]133;B\x07'));
        events.output(offset, marked);
        offset += marked.length;
      },
    });
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#terminal.write(offset, bytes);
  }

  /** Offsets of marked output mean nothing to the terminal; it is acknowledged as it arrives. */
  acknowledge(): void {}

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  login(): void {
    this.#terminal.login();
  }
}
