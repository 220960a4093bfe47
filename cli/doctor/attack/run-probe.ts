import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type SpawnJailedOptions, spawnJailed } from '../../../sandbox-server/machines/local/spawn-jailed.ts';

export interface ProbeResult {
  readonly attempt: string;
  /** `unknown`: the probe ended in a way that proves nothing. */
  readonly outcome: 'refused' | 'succeeded' | 'unknown';
  /** The error that it got, the signal that ended it, or what else there is to say. */
  readonly how: string;
}

/** How a probe is started: in the jail or, for comparison, without. */
export type StartProbe = (command: readonly string[]) => ChildProcess;

export const PROBE_PROGRAM = join(import.meta.dirname, 'probe.pl');
const PERL = '/usr/bin/perl';
const PROBE_INSIDE = '/probe.pl';
const TIMEOUT_MS = 20_000;
/** What a shell, and bubblewrap, answer for a process that a signal ended. */
const SIGNAL_STATUS = 128;

/** By the launcher of machines, with perl and the probe shown besides. */
export function inJail(options: Omit<SpawnJailedOptions, 'stdio'>): StartProbe {
  const readable = { ...options.jail.readable, [PERL]: PERL, [PROBE_INSIDE]: PROBE_PROGRAM };
  return (args) =>
    spawnJailed([PERL, PROBE_INSIDE, ...args], {
      ...options,
      jail: { ...options.jail, readable },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
}

/** As whoever started this, with nothing around it. */
export const withoutJail: StartProbe = (args) =>
  spawn(PERL, [PROBE_PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', detached: true });

/**
 * Tries everything named, in order. What ends the probe is held against that attempt, and another probe goes on with the
 * next.
 */
export async function runProbe(
  start: StartProbe,
  given: Readonly<Record<string, string | number>>,
  attempts: readonly string[],
): Promise<ProbeResult[]> {
  const parameters = Object.entries(given).map(([name, value]) => `${name}=${value}`);
  const results: ProbeResult[] = [];
  while (results.length < attempts.length) {
    const { lines, ended } = await finish(start([...parameters, '--', ...attempts.slice(results.length)]));
    const made = lines.filter((line) => line.startsWith('{')).map((line): ProbeResult => JSON.parse(line));
    results.push(...made);
    const next = attempts[results.length];
    if (next === undefined) break;
    const begun = lines.includes(`trying ${next}`);
    // One that became another program says no more, and is not to blame.
    if (begun || made.length === 0) results.push(judgeEnd(next, begun, ended));
  }
  return results;
}

interface Ending {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

async function finish(child: ChildProcess): Promise<{ lines: string[]; ended: Ending }> {
  let output = '';
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  const [status, signal] = await once(child, 'close').catch((error: Error) => [error.message, null]);
  clearTimeout(timer);
  return { lines: output.split('\n').filter((line) => line !== ''), ended: { status, signal, said } };
}

/** Only the filter's own signal, during an attempt that had begun, is a refusal. */
function judgeEnd(attempt: string, begun: boolean, { status, signal, said }: Ending): ProbeResult {
  const bySignal = signal === 'SIGSYS' || status === SIGNAL_STATUS + constants.signals.SIGSYS;
  if (begun && bySignal) return { attempt, outcome: 'refused', how: 'SIGSYS' };
  const last = said.trim().split('\n').at(-1);
  return { attempt, outcome: 'unknown', how: `the probe ended with ${signal ?? status}${last ? `: ${last}` : ''}` };
}
