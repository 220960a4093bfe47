import { ScriptRefusedError } from '../../errors.ts';
import type { Finding, RunRequest, RunResult } from '../driver.ts';

/** Less room than this is none: what little is left is gone with the next log line. */
const LEAST_FREE_BYTES = 1024 * 1024;
/** A hundred times what it takes under emulation. */
const LOOK_TIMEOUT_MS = 10_000;

/** What checks of all labs count on. One that is gone is no reason to call a learner wrong. */
const TOOLS =
  'awk cat curl cut find getent grep head id ip jq ls openssl paste ps readlink rm runuser sed setpriv sort ss stat tail tr xargs';
/** Where programs write, and whatever is mounted there. */
const PLACES = '/ /run /tmp /dev/shm';

/**
 * Opened for writing and not written: after a failed write the kernel may refuse every further one and yet call the file
 * system writable. Several, for somebody may have locked one.
 */
const WRITABLE = '/etc/hostname /etc/machine-id /var/lib/dpkg/status';

/** One program besides bash, so it costs next to nothing. */
const SCRIPT = `
export LC_ALL=C
stat --file-system --format='room %n %a %S %b %d %c' ${PLACES} 2>/dev/null
for file in ${WRITABLE}; do
  { : >>"$file"; } 2>/dev/null && written=yes
done
[[ $written ]] || echo read-only /
for tool in ${TOOLS}; do type -P "$tool" >/dev/null || echo "tool $tool"; done
exit 0
`;

export const LOOK: RunRequest = { script: SCRIPT, timeoutMs: LOOK_TIMEOUT_MS };

/** Of errno and of words for it: the agent says the one, a shell the other. */
const NO_PROCESS =
  /\[Errno (?:11|12|23|24)\]|BlockingIOError|MemoryError|Resource temporarily unavailable|Cannot allocate/;

/** What a look that came to an end has found; `undefined` when it tells nothing, as of a machine that is busy. */
export function findingsOf(result: RunResult): readonly Finding[] | undefined {
  if (result.timedOut) return undefined;
  const lines = result.stdout.split('\n').map((line) => line.split(' '));
  // Whatever else a machine says is not what it was asked: it is the learner's.
  const missing = TOOLS.split(' ').filter((tool) => lines.some(([word, what]) => word === 'tool' && what === tool));
  const hasLooked = missing.includes('stat') || lines.some(([word, what]) => word === 'room' && what === '/');
  if (result.status !== 0 || !hasLooked) return [unstartable(result.stderr)];
  const isReadOnly = lines.some(([word]) => word === 'read-only');
  const full = PLACES.split(' ').filter((place) => lines.some((line) => line[1] === place && isFull(line)));
  return [
    ...missing.map((what) => ({ kind: 'tool', what }) as const),
    ...(isReadOnly ? [{ kind: 'read-only', what: '/' } as const] : []),
    ...full.filter((what) => what !== '/' || !isReadOnly).map((what) => ({ kind: 'full', what }) as const),
  ];
}

/** The same of one that was not even begun. */
export function findingsOfError(cause: unknown): readonly Finding[] | undefined {
  return cause instanceof ScriptRefusedError ? [unstartable(cause.said)] : undefined;
}

function unstartable(said: string): Finding {
  return { kind: NO_PROCESS.test(said) ? 'processes' : 'system', what: null };
}

/** One without a size says nothing. */
function isFull([word, , available, blockBytes, blocks, freeFiles, files]: readonly string[]): boolean {
  if (word !== 'room' || Number(blocks) === 0) return false;
  const isOutOfFiles = Number(files) > 0 && Number(freeFiles) === 0;
  return isOutOfFiles || Number(available) * Number(blockBytes) < LEAST_FREE_BYTES;
}
