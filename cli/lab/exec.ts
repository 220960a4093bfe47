import { parseArgs } from 'node:util';
import { usage } from './arguments.ts';
import { findLab } from './find-lab.ts';
import { openEngine } from './open-engine.ts';
import { Rehearsal } from './rehearsal.ts';

/** Longest that a command may take; what is meant to run on wants `play`. */
const COMMAND_TIMEOUT_MS = 30 * 60_000;
/** What timeout(1) answers with. */
const STATUS_TIMED_OUT = 124;
const STATUS_KILLED = 137;

/** `npm run -s lab -- exec <id> [--machine M] [--user U] -- <command>` */
export async function exec(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { id, machine, user, script } = parseExec(args);
  const lab = findLab(id);
  const role = machine ?? lab.machines[0]?.role ?? '';
  if (!lab.machines.some((candidate) => candidate.role === role)) {
    throw usage(
      `Lab ${id} has no machine "${role}". It has ${lab.machines.map((candidate) => candidate.role).join(', ')}.`,
    );
  }
  await using engine = await openEngine(signal);
  await using rehearsal = await Rehearsal.start(lab, engine, signal);
  const as = user === undefined ? {} : { user, login: true };
  const result = await rehearsal.run(role, { script, timeoutMs: COMMAND_TIMEOUT_MS, ...as });
  process.stdout.write(result.stdout);
  process.stderr.write(result.stderr);
  if (result.truncated) process.stderr.write('(output cut at 64 KiB; redirect it to a file and look at parts)\n');
  return result.status ?? (result.timedOut ? STATUS_TIMED_OUT : STATUS_KILLED);
}

export interface ExecRequest {
  readonly id: string;
  readonly machine: string | undefined;
  readonly user: string | undefined;
  readonly script: string;
}

/** Words behind `--` are one command; a single word may be a whole script. */
export function parseExec(args: readonly string[]): ExecRequest {
  const end = args.indexOf('--');
  const command = end === -1 ? [] : args.slice(end + 1);
  const { values, positionals } = parseArgs({
    args: end === -1 ? [...args] : args.slice(0, end),
    options: { machine: { type: 'string' }, user: { type: 'string' } },
    allowPositionals: true,
  });
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0 || command.length === 0) {
    throw usage('exec needs a lab, and a command behind "--".');
  }
  const script = command.length === 1 ? (command[0] ?? '') : command.map(quoteWord).join(' ');
  return { id, machine: values.machine, user: values.user, script };
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
