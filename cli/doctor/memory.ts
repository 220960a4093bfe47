import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { formatBytes } from '../cache/disk-use.ts';
import { type Finding, good, lack, note } from './finding.ts';

const MIB = 1024 ** 2;

/** Measured under emulation with lesson 4's machine (`npm run bench`): at rest, and in the middle of a `docker run`. */
const IDLE_MIB = '50-65 MiB';
const BUSY_MIB = 350;

export interface MemoryFacts {
  readonly totalBytes: number;
  readonly availableBytes: number;
  /** What a container or a unit grants this process; null without such a limit. */
  readonly limitBytes: number | null;
  readonly processors: number;
  readonly maxSandboxes: number;
  /** The most that a lab has. */
  readonly machinesEach: number;
  /** MAX_SANDBOXES is set, rather than worked out. */
  readonly chosen: boolean;
}

export function readMemory(): Pick<MemoryFacts, 'totalBytes' | 'availableBytes' | 'limitBytes' | 'processors'> {
  const totalBytes = totalmem();
  const limit = process.constrainedMemory();
  const match = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'));
  return {
    totalBytes,
    availableBytes: Number(match?.[1] ?? 0) * 1024,
    limitBytes: limit > 0 && limit < totalBytes ? limit : null,
    processors: availableParallelism(),
  };
}

export function judgeMemory(facts: MemoryFacts): Finding[] {
  return [judgeLearners(facts), judgeAvailable(facts)];
}

/** How many learners there may be, and what that is worked out from; null where MAX_SANDBOXES says it. */
export function sayAtOnce(maxSandboxes: number, from: string | null): string {
  const source = from === null ? 'as MAX_SANDBOXES says' : `worked out from ${from}`;
  return `${maxSandboxes} at once, ${source}; further ones wait in a queue.`;
}

function judgeLearners({
  totalBytes,
  limitBytes,
  processors,
  maxSandboxes,
  machinesEach,
  chosen,
}: MemoryFacts): Finding {
  const cores = processors === 1 ? '1 processor' : `${processors} processors`;
  const text = sayAtOnce(maxSandboxes, chosen ? null : `${formatBytes(totalBytes)} and ${cores}`);
  if (limitBytes === null || chosen) return good('learners', text);
  return note(
    'learners',
    `${text} But this process may use only ${formatBytes(limitBytes)}, which the calculation does not know.`,
    `Set MAX_SANDBOXES, for instance to ${busyAtOnce(limitBytes, machinesEach)}.`,
  );
}

function judgeAvailable({ availableBytes, limitBytes, maxSandboxes, machinesEach }: MemoryFacts): Finding {
  const usableBytes = Math.min(availableBytes, limitBytes ?? availableBytes);
  const busy = busyAtOnce(usableBytes, machinesEach);
  const pairs = machinesEach > 1 ? `, and a lab has up to ${machinesEach}` : '';
  const use = `A machine takes ${IDLE_MIB} at rest and about ${BUSY_MIB} MiB during a "docker run" (measured under emulation)${pairs}`;
  if (usableBytes < machinesEach * BUSY_MIB * MIB) {
    return lack('memory', `${formatBytes(usableBytes)} available now. ${use}.`, 'End other programs, or add memory.');
  }
  if (busy >= maxSandboxes) {
    return good('memory', `${formatBytes(usableBytes)} available now. ${use}: enough for all learners at once.`);
  }
  return note(
    'memory',
    `${formatBytes(usableBytes)} available now. ${use}: enough for ${busy === 1 ? '1 learner' : `${busy} learners`} at the same moment.`,
    `If a whole class does that together, set MAX_SANDBOXES=${busy}.`,
  );
}

const busyAtOnce = (bytes: number, machinesEach: number): number =>
  Math.max(1, Math.floor(bytes / (machinesEach * BUSY_MIB * MIB)));
