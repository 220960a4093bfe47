import type { MachineTerminal } from '../../sandbox-server/machines/driver.ts';
import { parseWords, usage } from './arguments.ts';
import { findLab, requireStep } from './find-lab.ts';
import { openEngine, type Surroundings } from './open-engine.ts';
import { Tryout } from './tryout.ts';

/** Ctrl-], as telnet has it. */
const LEAVE_KEY = 0x1d;

/** `npm run lab -- play <id> [--terminal T] [--step S]`: a fresh sandbox's terminal in place of this one. */
export async function play(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { values, positionals } = parseWords(args, { terminal: { type: 'string' }, step: { type: 'string' } });
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) throw usage('play needs a lab.');
  const lab = findLab(id);
  const { step } = values;
  requireStep(lab, step);
  const steps = () => (step === undefined ? [] : [step]);
  await using engine = await openEngine([lab], { ...surroundings, steps });
  await using tryout = await Tryout.start(lab, engine, { signal: surroundings.signal, step });
  const terminals = [...tryout.machines.values()].flatMap((machine) => machine.terminals);
  const terminal = values.terminal === undefined ? terminals[0] : terminals.find((one) => one.id === values.terminal);
  if (terminal === undefined) {
    throw usage(`Lab ${id} has no terminal "${values.terminal}". It has ${terminals.map((one) => one.id).join(', ')}.`);
  }
  process.stderr.write(`Terminal ${terminal.id} of a fresh ${id}. Ctrl-] leaves and destroys it.\n`);
  const ended = Promise.race([...tryout.machines.values()].map((machine) => machine.ended));
  // Awaited here: otherwise the machines would be disposed of before anybody typed.
  return await connect(terminal, ended, surroundings.signal);
}

async function connect(terminal: MachineTerminal, ended: Promise<unknown>, signal: AbortSignal): Promise<number> {
  const { stdin, stdout } = process;
  const left = Promise.withResolvers<void>();
  const resize = () => terminal.resize(stdout.columns || 80, stdout.rows || 24);
  const keys = new Keys(terminal, left.resolve);
  const type = (bytes: Buffer) => keys.type(bytes);
  terminal.listen({
    output: (offset, bytes) => stdout.write(bytes, () => terminal.acknowledge(offset + bytes.length)),
    inputApplied: () => {},
    status: (status) => status === 'closed' && stdout.write('\r\n[logged out: any key logs in again]\r\n'),
  });
  stdin.setRawMode?.(true);
  stdin.on('data', type).once('end', left.resolve);
  stdout.on('resize', resize);
  signal.addEventListener('abort', () => left.resolve());
  resize();
  try {
    const end = await Promise.race([left.promise, ended.then(() => 'ended')]);
    if (end === 'ended') process.stderr.write('\r\nThe machine has ended.\r\n');
    return end === 'ended' ? 1 : 0;
  } finally {
    stdin.setRawMode?.(false);
    stdin.off('data', type).off('end', left.resolve).pause();
    stdout.off('resize', resize);
    process.stderr.write('\n');
  }
}

/** Keys go to the machine, but for the one that leaves; after a logout the first one only logs in. */
class Keys {
  readonly #terminal: MachineTerminal;
  readonly #leave: () => void;
  #written = 0;

  constructor(terminal: MachineTerminal, leave: () => void) {
    this.#terminal = terminal;
    this.#leave = leave;
  }

  type(bytes: Uint8Array): void {
    if (bytes.includes(LEAVE_KEY)) this.#leave();
    else if (this.#terminal.status === 'closed') this.#terminal.login();
    else this.#send(bytes);
  }

  #send(bytes: Uint8Array): void {
    this.#terminal.write(this.#written, bytes);
    this.#written += bytes.length;
  }
}
