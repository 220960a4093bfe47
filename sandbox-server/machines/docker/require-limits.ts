import { DrydockError } from '../../errors.ts';
import type { Engine } from './engine/connect-engine.ts';

/** What the driver has to know of an engine. */
export interface EngineFacts {
  /** Changes when its data is another. */
  readonly id: string;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly cgroupVersion: string;
  /** Rootless, or with users of containers mapped to others. */
  readonly mapsUsers: boolean;
  readonly isRootless: boolean;
  /**
   * Whether a container that is to be removed when it ends is left alone before. Engines older than 25 that keep
   * containers while they restart (live-restore) do not: https://github.com/moby/moby/issues/46308
   */
  readonly removesEnded: boolean;
}

const FIRST_WITHOUT_FAULT = 25;

/** Rejects when the engine would start machines without the limits that keep them from taking all there is. */
export async function requireLimits({ docker, address, version }: Engine): Promise<EngineFacts> {
  const info = await docker.info();
  const lacking = [
    ...(info.MemoryLimit ? [] : ['memory']),
    ...(info.PidsLimit ? [] : ['processes']),
    ...(info.CPUShares || info.CpuCfsQuota ? [] : ['processors']),
  ];
  const options: string[] = info.SecurityOptions ?? [];
  const isRootless = options.some((option) => option.includes('name=rootless'));
  if (lacking.length > 0) {
    const fix = isRootless
      ? 'A rootless engine needs cgroup v2 and systemd to delegate cpu, memory and pids to its user: https://docs.docker.com/engine/security/rootless/tips/#limiting-resources'
      : 'Enable these controllers in the kernel of its host.';
    const message = `The Docker Engine at ${address} (${version}, cgroup ${info.CgroupVersion ?? 'unknown'}) cannot limit ${lacking.join(' and ')}. ${fix}`;
    throw new DrydockError('engine-limits', message);
  }
  if (!options.some((option) => option.includes('name=seccomp'))) {
    const message = `The Docker Engine at ${address} has no seccomp: machines would run without a filter. Use a kernel and an engine that have it.`;
    throw new DrydockError('engine-limits', message);
  }
  return {
    id: info.ID,
    processors: info.NCPU,
    memoryBytes: info.MemTotal,
    kernel: info.KernelVersion,
    cgroupVersion: info.CgroupVersion ?? '1',
    mapsUsers: isRootless || options.some((option) => option.includes('name=userns')),
    isRootless,
    removesEnded: !info.LiveRestoreEnabled || Number.parseInt(version, 10) >= FIRST_WITHOUT_FAULT,
  };
}
