import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface HostMemory {
  readonly availableBytes: number;
  readonly totalBytes: number;
}

/**
 * What machines may still take: of the host, or of the control group this server and its machines are in, whichever is
 * less. Cached files count as available, since the kernel drops them first. `undefined` where there is no /proc.
 */
export function readHostMemory(root = '/'): HostMemory | undefined {
  const meminfo = read(join(root, 'proc/meminfo'));
  const total = kib(meminfo, 'MemTotal');
  const available = kib(meminfo, 'MemAvailable');
  if (total === undefined || available === undefined) return undefined;
  const limits = [{ totalBytes: total, availableBytes: available }, ...groupMemories(root)];
  return {
    totalBytes: Math.min(...limits.map(({ totalBytes }) => totalBytes)),
    availableBytes: Math.max(0, Math.min(...limits.map(({ availableBytes }) => availableBytes))),
  };
}

/** Of the group and all groups above it that have a limit: https://docs.kernel.org/admin-guide/cgroup-v2.html#memory */
function groupMemories(root: string): HostMemory[] {
  const lines = (read(join(root, 'proc/self/cgroup')) ?? '').split('\n').map((line) => line.split(':'));
  return lines.flatMap(([, controllers, path = '']) => {
    if (controllers === '') return withAbove(join(root, 'sys/fs/cgroup'), path, V2);
    if (controllers?.split(',').includes('memory')) return withAbove(join(root, 'sys/fs/cgroup/memory'), path, V1);
    return [];
  });
}

interface Version {
  readonly limit: string;
  readonly usage: string;
  /** In memory.stat: what is there to be dropped. */
  readonly cached: RegExp;
}

const V2: Version = { limit: 'memory.max', usage: 'memory.current', cached: /^(?:in)?active_file (\d+)$/gm };
const V1: Version = {
  ...{ limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes' },
  cached: /^total_(?:in)?active_file (\d+)$/gm,
};

function withAbove(mount: string, path: string, version: Version): HostMemory[] {
  const own = groupMemory(join(mount, path), version);
  const above = path === '/' || path === '' ? [] : withAbove(mount, dirname(path), version);
  return own === undefined ? above : [own, ...above];
}

function groupMemory(folder: string, { limit, usage, cached }: Version): HostMemory | undefined {
  // "max" is no number, and so is a file that is not there.
  const totalBytes = Number(read(join(folder, limit)) ?? 'none');
  const usedBytes = Number(read(join(folder, usage)) ?? 'none');
  if (!Number.isFinite(totalBytes) || !Number.isFinite(usedBytes)) return undefined;
  const stat = read(join(folder, 'memory.stat')) ?? '';
  const cachedBytes = [...stat.matchAll(cached)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { totalBytes, availableBytes: totalBytes - usedBytes + cachedBytes };
}

function kib(meminfo: string | undefined, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo ?? '')?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
