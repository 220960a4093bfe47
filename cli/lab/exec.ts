import { Stop } from '../preflight/stop.mjs';
import { parseWords, usage } from './arguments.ts';
import { findLab, requireStep } from './find-lab.ts';
import { openEngine, type Surroundings } from './open-engine.ts';
import { Tryout } from './tryout.ts';

/** Longest that a command may take; what is meant to run on wants `play`. */
const COMMAND_TIMEOUT_MS = 30 * 60_000;
/** What timeout(1) answers with. */
const STATUS_TIMED_OUT = 124;
const STATUS_KILLED = 137;

/** `npm run -s lab -- exec <id> [--machine M] [--user U] [--step S] -- <command>` */
export async function exec(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { id, machine, user, step, script } = parseExec(args);
  const lab = findLab(id);
  requireStep(lab, step);
  const role = machine ?? lab.machines[0]?.role ?? '';
  if (!lab.machines.some((candidate) => candidate.role === role)) {
    throw usage(
      `Lab ${id} has no machine "${role}". It has ${lab.machines.map((candidate) => candidate.role).join(', ')}.`,
    );
  }
  const steps = () => (step === undefined ? [] : [step]);
  await using engine = await openEngine([lab], { ...surroundings, steps });
  await using tryout = await Tryout.start(lab, engine, { signal: surroundings.signal, step });
  if (user !== undefined) await requireUser(user, { tryout, role });
  const as = user === undefined ? {} : { user, login: true };
  const result = await tryout.run(role, { script, timeoutMs: COMMAND_TIMEOUT_MS, ...as });
  process.stdout.write(result.stdout);
  process.stderr.write(result.stderr);
  if (result.truncated) process.stderr.write('(output cut at 64 KiB; redirect it to a file and look at parts)\n');
  return result.status ?? (result.timedOut ? STATUS_TIMED_OUT : STATUS_KILLED);
}

async function requireUser(user: string, { tryout, role }: { tryout: Tryout; role: string }): Promise<void> {
  const script = 'getent passwd | cut -d: -f1 | sort';
  const { stdout } = await tryout.run(role, { script, timeoutMs: COMMAND_TIMEOUT_MS });
  const users = stdout.trim().split('\n');
  if (!users.includes(user))
    throw new Stop({ what: `There is no user "${user}".`, fix: `There are: ${users.join(', ')}.` });
}

export interface ExecRequest {
  readonly id: string;
  readonly machine: string | undefined;
  readonly user: string | undefined;
  /** Where it starts: the steps before it are solved. */
  readonly step: string | undefined;
  readonly script: string;
}

/** Words behind `--` are one command; a single word may be a whole script. */
export function parseExec(args: readonly string[]): ExecRequest {
  const end = args.indexOf('--');
  const command = end === -1 ? [] : args.slice(end + 1);
  const { values, positionals } = parseWords(end === -1 ? args : args.slice(0, end), {
    machine: { type: 'string' },
    user: { type: 'string' },
    step: { type: 'string' },
  });
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0 || command.length === 0) {
    throw usage('exec needs a lab, and a command behind "--".');
  }
  const script = command.length === 1 ? (command[0] ?? '') : command.map(quoteWord).join(' ');
  return { id, machine: values.machine, user: values.user, step: values.step, script };
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
