import type { Lab } from '../../labs/format/lab.ts';
import type { Tryout } from './tryout.ts';

/**
 * What a verdict must leave as it found it: containers, images, users, everything in /etc, cron, and which files lie
 * in the homes and temporary folders. A daemon that is down has no containers to compare. Of what a rootless daemon keeps
 * in its user's home, the same as of root's: what it answers.
 */
const LIST = `
list_daemon() {
  docker_api GET '/containers/json?all=1' | jq --raw-output '.[] | "the container \\(.Names[0] // .Id) of \\(.Image) \\(.Id[:12])"' | sort
  docker_api GET '/images/json?all=1' | jq --raw-output '.[] | "the image \\(.RepoTags // [] | join(" ")) \\(.Id)"' | sort
}
dockerd_runs && list_daemon
for docker_socket in /run/user/*/docker.sock; do [[ -S $docker_socket ]] && list_daemon; done
getent passwd; getent group
find /etc /var/spool/cron -xdev ! -type d -printf '%p %M %u:%g %s %T@\\n' | sort
find /root /home /tmp /var/tmp /opt /usr/local -xdev -path '*/.local/share/docker' -prune -o -printf '%p %M %u:%g\\n' | sort
`;

const TIMEOUT_MS = 60_000;

export type Traces = ReadonlyMap<string, readonly string[]>;

export async function listTraces(lab: Lab, tryout: Tryout): Promise<Traces> {
  const traces = new Map<string, readonly string[]>();
  for (const { role } of lab.machines) {
    const { stdout, stderr, truncated, status } = await tryout.runWithKit(role, LIST, TIMEOUT_MS);
    if (truncated || status === null) throw new Error(`Machine "${role}" could not be listed completely: ${stderr}`);
    traces.set(role, stdout.split('\n'));
  }
  return traces;
}

/** One line per difference: what is gone and what is new. Empty when nothing was left behind. */
export function compareTraces(before: Traces, after: Traces): string[] {
  return [...before].flatMap(([role, lines]) => {
    const now = after.get(role) ?? [];
    const gone = lines.filter((line) => !now.includes(line)).map((line) => `${role}: - ${line}`);
    const added = now.filter((line) => !lines.includes(line)).map((line) => `${role}: + ${line}`);
    return [...gone, ...added];
  });
}
