import type { Limits } from '../../../sandbox-server/machines/qemu/limits.ts';
import { type Finding, good, lack, note, type Section } from '../finding.ts';
import { ATTEMPT_GROUPS, type AttemptGroup } from './attempts.ts';
import type { Bounds } from './machine-process.ts';
import type { Trial } from './try-jail.ts';
import type { MachineTrial, Reach } from './try-machine.ts';

/** A section per group: what whoever breaks out of QEMU could not do. */
export function judgeJailTrials(trials: readonly Trial[]): Section[] {
  const sections = ATTEMPT_GROUPS.map((group) => ({
    title: `${group.title}: may what breaks out of QEMU …`,
    findings: trials.filter(({ attempt }) => group.attempts.includes(attempt)).map((trial) => judgeTrial(trial, group)),
  }));
  return [...sections, { title: 'Comparison', findings: [judgeControls(trials)] }];
}

function judgeTrial({ attempt, inJail }: Trial, { fix }: AttemptGroup): Finding {
  if (inJail.outcome === 'refused') return good('refused', `${attempt.would} (${inJail.how})`);
  if (inJail.outcome === 'succeeded') return lack('SUCCEEDED', attempt.would, fix);
  return lack('not known', `${attempt.would}: ${inJail.how}`, RUN_AGAIN);
}

const RUN_AGAIN =
  'Run it again; if it stays so, report it with the output of --json. What could not be tried is not proven.';

/** An attempt that nobody could succeed with proves nothing by failing. */
function judgeControls(trials: readonly Trial[]): Finding {
  const compared = trials.filter(({ withoutJail }) => withoutJail !== undefined);
  const failed = compared.filter(({ withoutJail }) => withoutJail?.outcome !== 'succeeded');
  const text = `${compared.length - failed.length} of these ${trials.length} attempts were made without the jail as well, and succeeded: it is the jail that refuses them.`;
  if (failed.length === 0) return good('control', text);
  const rest = failed.map(({ attempt, withoutJail }) => `  ${attempt.would} (${withoutJail?.how})`).join('\n');
  return note('control', `${text} This computer refuses without the jail, too:\n${rest}`);
}

export interface Expected {
  readonly asRoot: boolean;
  readonly limits: Limits;
}

const LIMITS_FIX =
  'Something between Drydock and the machine changed what the launcher had set. Do not let strangers in, and report it with the output of --json.';

/** What the kernel says of the process of a machine that runs. */
export function judgeBounds(bounds: Bounds, { asRoot, limits }: Expected): Finding[] {
  const rows: [name: string, holds: boolean, text: string][] = [
    ['user', !asRoot || bounds.hostUid >= FIRST_MACHINE_UID, asRoot ? 'a host user of its own' : 'your user'],
    ['namespaces', bounds.sharedNamespaces.length === 0 && bounds.pids > 1, shares(bounds)],
    ['capabilities', bounds.capabilities === 0n, 'none, in any of its sets'],
    ['privileges', bounds.noNewPrivileges, 'can gain none (no_new_privs)'],
    ['seccomp', bounds.seccompFilters >= FILTERS, `${bounds.seccompFilters} filters: ours and QEMU's`],
    [
      'memory',
      bounds.limits['Max address space'] === limits.addressSpaceBytes,
      `at most ${mib(limits.addressSpaceBytes)}`,
    ],
    ['file size', bounds.limits['Max file size'] === limits.fileBytes, `at most ${mib(limits.fileBytes)}`],
    ['open files', bounds.limits['Max open files'] === limits.openFiles, `at most ${limits.openFiles}`],
    ['threads', bounds.limits['Max processes'] === limits.threads, `at most ${limits.threads}`],
    [
      'nothing of',
      NONE_OF.every((name) => bounds.limits[name] === 0),
      'locked memory, message queues, core dumps, real time',
    ],
    ['processor', isPolite(bounds), 'after server and site (nice 10)'],
    ['short memory', bounds.oomScore >= LEAST_OOM_SCORE, 'ended before anything else'],
  ];
  return rows.map(([name, holds, text]) =>
    holds ? good(name, text) : lack(name, `is not in force: ${text}.`, LIMITS_FIX),
  );
}

const FIRST_MACHINE_UID = 1_900_000_000;
const FILTERS = 2;
const LEAST_OOM_SCORE = 500;
const NONE_OF = ['Max locked memory', 'Max msgqueue size', 'Max core file size', 'Max realtime priority'];
/** A session's niceness follows within seconds where an ordinary user starts many machines at once. */
const isPolite = ({ niceness, sessionNiceness }: Bounds): boolean => niceness >= 10 && (sessionNiceness ?? 10) >= 10;
const mib = (bytes: number): string => `${bytes / 1024 ** 2} MiB`;

function shares({ sharedNamespaces }: Bounds): string {
  return sharedNamespaces.length === 0 ? 'all of its own' : `shares ${sharedNamespaces.join(', ')} with this computer`;
}

/** Answers of the machine's own kernel: there is no way there. Anything else came from somewhere. */
const UNREACHABLE = ['ENETUNREACH', 'EHOSTUNREACH'];

export function judgeMachine(
  { bounds, foreignSockets, reached, wroteOverDisk, changed }: MachineTrial,
  expected: Expected,
) {
  return [
    { title: 'A running machine', findings: judgeBounds(bounds, expected) },
    { title: 'Its network', findings: [judgeSockets(foreignSockets), ...reached.map(judgeReached)] },
    { title: 'Its template', findings: [judgeTemplate(wroteOverDisk, changed)] },
  ] satisfies Section[];
}

const NETWORK_FIX =
  'A machine must not reach any network. Do not let strangers in, and report it with the output of --json.';

function judgeSockets(sockets: readonly string[]): Finding {
  if (sockets.length === 0) return good('from outside', 'its process holds no socket but local ones');
  return lack('from outside', `its process holds ${sockets.join(', ')}.`, NETWORK_FIX);
}

function judgeReached({ way, target, outcome }: Reach): Finding {
  const text = `${target} by ${way}: ${outcome}`;
  return UNREACHABLE.includes(outcome) ? good('unreachable', text) : lack('REACHED', text, NETWORK_FIX);
}

function judgeTemplate(wroteOverDisk: boolean, changed: readonly string[]): Finding {
  if (changed.length > 0) {
    return lack(
      'changed',
      `a machine's writes reached ${changed.join(', ')}.`,
      'Stop every server, run "npm run clean", let no strangers in, and report it with the output of --json.',
    );
  }
  if (!wroteOverDisk) return lack('not known', 'the machine did not write over its disk as it was told.', RUN_AGAIN);
  return good('unchanged', "after the machine's root had written over its memory and its disk (SHA-256)");
}
