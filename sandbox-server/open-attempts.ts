import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { Admission } from './attempts/admission.ts';
import { readHostMemory } from './attempts/host-memory.ts';
import { MemoryGuard } from './attempts/memory-guard.ts';
import { Registry } from './attempts/registry.ts';
import { Shares } from './attempts/shares.ts';
import type { Store } from './attempts/store.ts';
import { sandboxesOn } from './config.ts';
import type { HostDisk } from './machines/driver.ts';
import type { Metrics } from './metrics/metrics.ts';
import { Pool } from './sandboxes/pool.ts';
import { Reaper } from './sandboxes/reaper.ts';
import type { ServerOptions } from './server-options.ts';

export interface OpenAttemptsOptions
  extends Pick<
    ServerOptions,
    'config' | 'log' | 'driver' | 'templates' | 'labs' | 'stateFolder' | 'isBusy' | 'memory' | 'author'
  > {
  readonly store: Store;
  readonly metrics: Metrics;
}

/** Where there is no host at all, the first in line is told why, and nobody waits for what nobody can have. */
const AT_LEAST = 1;

/** A class that has just come keeps it there for a while. */
const BUSY_PER_PROCESSOR = 2;

/** The registry of attempts, and what decides how many machines there are. `resources` gets what ends with it. */
export function openAttempts(resources: AsyncDisposableStack, options: OpenAttemptsOptions): Registry {
  const { config, log, driver, templates, labs, store, metrics, stateFolder, isBusy = hostIsBusy } = options;
  const recordingsFolder = stateFolder === ':memory:' ? null : join(stateFolder, 'recordings');
  const guard: MemoryGuard = new MemoryGuard({
    ...{ log, memory: options.memory ?? (() => readHostMemory()) },
    sandboxes: () => registry.guarded(),
  });
  const diskFits = (machines: number) => fits(driver.disk(), machines);
  const admission = new Admission(() => Math.max(AT_LEAST, sandboxesOn(config, driver.hosts())), {
    memory: (machines) => guard.admits(machines),
    disk: diskFits,
  });
  const shares = new Shares(config);
  const pool = resources.use(
    new Pool({
      ...{ driver, templates, log, metrics, max: config.poolMax, isBusy },
      places: () => (admission.waiting > 0 || guard.isShort || !diskFits(1) ? 0 : admission.capacity - admission.taken),
    }),
  );
  const reaper = resources.use(new Reaper());
  for (const mortal of [pool, admission]) reaper.watch(mortal);
  const registry = resources.use(
    new Registry({
      ...{ driver, templates, pool, store, admission, shares, limits: config, recordingsFolder },
      ...{ log, metrics, labs, onlooker: options.author?.onlooker },
    }),
  );
  reaper.watch(guard);
  addSandboxFigures(metrics, registry, admission, pool, guard);
  return registry;
}

/** What they may write, so that none of them finds the disk full at once: those that live may still fill it together. */
function fits(disk: HostDisk | undefined, machines: number): boolean {
  return disk === undefined || disk.freeBytes >= machines * disk.machineBytes;
}

/** More wants a processor than there are, by a minute's average. */
function hostIsBusy(): boolean {
  return (loadavg()[0] ?? 0) > BUSY_PER_PROCESSOR * availableParallelism();
}

function addSandboxFigures(
  metrics: Metrics,
  registry: Registry,
  admission: Admission,
  pool: Pool,
  guard: MemoryGuard,
): void {
  metrics.read('drydock_memory_short', () => [[{}, guard.isShort ? 1 : 0]]);
  metrics.read('drydock_pool_ready', () => [[{}, pool.size]]);
  metrics.read('drydock_sandboxes', () => registry.phases().map(({ lab, phase, count }) => [{ lab, phase }, count]));
  metrics.read('drydock_sandboxes_paused', () => [[{}, registry.paused]]);
  metrics.read('drydock_sandboxes_admitted', () => [[{}, admission.taken]]);
  metrics.read('drydock_sandboxes_limit', () => [[{}, admission.capacity]]);
  metrics.read('drydock_queue_length', () => [[{}, admission.waiting]]);
}
