import { MACHINE_UIDS } from '../../sandbox-server/machines/local/jail.ts';
import { spawnJailed } from '../../sandbox-server/machines/local/spawn-jailed.ts';
import { ACCELERATORS } from '../../sandbox-server/machines/qemu/accelerators.ts';
import { machineLimits, NICENESS } from '../../sandbox-server/machines/qemu/limits.ts';
import { explainRefusal, type NamespaceSettings } from '../preflight/system/user-namespaces.mjs';
import { type Finding, good, lack, note } from './finding.ts';

export interface JailTrial {
  readonly asRoot: boolean;
  /** Name of the user that machines would run as when it is not root. */
  readonly user: string;
  /** The last line of what was said when it did not work; null when it did. */
  readonly refusal: string | null;
  readonly host: NamespaceSettings;
}

/** The last of the reserved host users: a running machine has one of the first. */
const TRIAL_UID = MACHINE_UIDS.first + MACHINE_UIDS.count - 1;

/** Does nothing, successfully. */
const PROGRAM = '/usr/bin/true';

/** Goes into the jail as the launcher does, with a folder in it. Resolves to why that failed, or null. */
export async function enterJail(asRoot: boolean, folder?: string): Promise<string | null> {
  const accelerator = ACCELERATORS.tcg;
  const jail = {
    readable: { [PROGRAM]: PROGRAM, ...(folder === undefined ? {} : { '/folder': folder }) },
    writable: {},
    accelerator,
    uid: asRoot ? TRIAL_UID : null,
    niceness: NICENESS.machine,
    limits: machineLimits({ accelerator, memoryMib: 0, maxFileBytes: 0 }),
  };
  const child = spawnJailed([PROGRAM], { jail, createsFiles: false, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (status) =>
      resolve(status === 0 ? null : (said.trim().split('\n').at(-1) ?? '') || `exit ${status}`),
    );
  });
}

export function judgeJail({ asRoot, user, refusal, host }: JailTrial): Finding {
  if (refusal !== null) {
    const { why, fix } = explainRefusal(host);
    return lack('jail', `does not work here: ${refusal}\n${why}`, fix);
  }
  if (asRoot) {
    return good(
      'jail',
      'works. Each machine has a host user of its own: what breaks out of one can touch neither another nor the server.',
    );
  }
  return note(
    'jail',
    `works, but all machines share your user (${user}): what breaks out of a machine and of its jail too can do what you can do, to the other machines as well.`,
    'Good enough for yourself and people you know. For strangers start it as root: each machine has a host user of its own then.',
  );
}

/** Seen from where doctor runs; the server may have more. */
export function judgeLimits(cgroup: string | null): Finding {
  const everywhere = 'memory, files, threads, processor and what a machine may ask of the kernel are bounded';
  if (cgroup !== null) return good('limits', `${everywhere}; a control group per machine comes on top, in ${cgroup}.`);
  return good('limits', `${everywhere} (no control groups here: docs/deploying.md has a unit that brings them).`);
}

export interface Reach {
  readonly folder: string;
  readonly refusal: string | null;
}

/** Root only: a machine's host user needs a way to the files. */
export function judgeReach(reaches: readonly Reach[]): Finding {
  const refused = reaches.filter(({ refusal }) => refusal !== null);
  if (refused.length === 0) {
    return good('files', `The host users of machines can get to ${reaches.map(({ folder }) => folder).join(' and ')}.`);
  }
  return lack(
    'files',
    `The host users of machines cannot get to ${refused.map(({ folder, refusal }) => `${folder} (${refusal})`).join(' and ')}.`,
    'Let everybody pass through the folders above it (chmod o+x), or set XDG_CACHE_HOME and XDG_STATE_HOME to others.',
  );
}
