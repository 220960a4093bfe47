import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../labs/format/lab.ts';
import { Admission } from './attempts/admission.ts';
import { type HostMemory, readHostMemory } from './attempts/host-memory.ts';
import { Learners } from './attempts/learners.ts';
import { MemoryGuard } from './attempts/memory-guard.ts';
import { Pruner } from './attempts/pruner.ts';
import { Registry } from './attempts/registry.ts';
import { Shares } from './attempts/shares.ts';
import { claimState } from './attempts/state-claim.ts';
import { Store } from './attempts/store.ts';
import type { Config } from './config.ts';
import { examinations } from './examinations.ts';
import { Gateway } from './gateway/gateway.ts';
import { OperatorListener } from './gateway/operator-listener.ts';
import { Health } from './health.ts';
import type { Log } from './log.ts';
import type { Driver, HostDisk } from './machines/driver.ts';
import type { Templates } from './machines/templates.ts';
import { EventLoopDelay } from './metrics/event-loop-delay.ts';
import { Metrics } from './metrics/metrics.ts';
import { addProcessFigures } from './metrics/process-figures.ts';
import { Pool } from './sandboxes/pool.ts';
import { Reaper } from './sandboxes/reaper.ts';

export interface ServerOptions {
  readonly config: Config;
  readonly log: Log;
  /** Not disposed with the server: whoever made it does that, afterwards. */
  readonly driver: Driver;
  readonly templates: Templates;
  readonly labs: ReadonlyMap<string, Lab>;
  /** Folder of the built site. */
  readonly siteFolder: string;
  /** Folder of the store, or `:memory:` for tests. */
  readonly stateFolder: string;
  readonly heartbeatIntervalMs?: number;
  /** A page that comes back finds its machine, and not that it is being found; a slow one holds up nobody else. */
  readonly adoptionPatienceMs?: number;
  /** Whether this host has enough to do, so that nothing is forked ahead. Default: by its load. */
  readonly isBusy?: () => boolean;
  /** What machines may still take. Default: as the kernel says. */
  readonly memory?: () => HostMemory | undefined;
}

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Where to open the site on this computer. */
  readonly origin: string;
  /** Where programs on this computer find /metrics; null where it was not asked for. */
  readonly metricsPort: number | null;
  /** Ends every connection, and leaves the sandboxes to the server that comes next. */
  leave(): Promise<void>;
}

/** A class that has just come keeps it there for a while. */
const BUSY_PER_PROCESSOR = 2;
const ADOPTION_PATIENCE_MS = 3_000;

/** Puts the layers together and listens. Disposing ends every connection and every sandbox. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, driver, templates, labs, siteFolder, stateFolder, isBusy = hostIsBusy } = options;
  await using started = new AsyncDisposableStack();
  const metrics = new Metrics();
  const eventLoop = started.use(new EventLoopDelay());
  if (stateFolder !== ':memory:') started.use(await claimState(stateFolder));
  const store = started.use(new Store(stateFolder === ':memory:' ? stateFolder : join(stateFolder, 'drydock.sqlite')));
  started.use(new Pruner({ store, config, log }));
  const recordingsFolder = stateFolder === ':memory:' ? null : join(stateFolder, 'recordings');
  const guard: MemoryGuard = new MemoryGuard({
    ...{ log, memory: options.memory ?? (() => readHostMemory()) },
    sandboxes: () => registry.guarded(),
  });
  const diskFits = (machines: number) => fits(driver.disk(), machines);
  const admission = new Admission(config.maxSandboxes, {
    memory: (machines) => guard.admits(machines),
    disk: diskFits,
  });
  const shares = new Shares(config);
  const pool = started.use(
    new Pool({
      ...{ driver, templates, log, metrics, max: config.poolMax, isBusy },
      places: () => (admission.waiting > 0 || guard.isShort || !diskFits(1) ? 0 : admission.capacity - admission.taken),
    }),
  );
  const reaper = started.use(new Reaper());
  for (const mortal of [pool, admission]) reaper.watch(mortal);
  const registry = started.use(
    new Registry({
      ...{ driver, templates, pool, store, admission, shares, limits: config, recordingsFolder },
      ...{ log, metrics, labs },
    }),
  );
  reaper.watch(guard);
  addProcessFigures(metrics, eventLoop);
  addSandboxFigures(metrics, registry, admission, pool, guard);
  const health = new Health(examinations({ store, driver, eventLoop }));
  const { heartbeatIntervalMs, adoptionPatienceMs = ADOPTION_PATIENCE_MS } = options;
  const adopted = new AbortController();
  const patience = delay(adoptionPatienceMs, undefined, { signal: adopted.signal }).catch(() => {});
  await Promise.race([registry.adopt(), patience]);
  adopted.abort();
  const gateway = started.use(
    await Gateway.start({
      ...{ config, log, metrics, health, registry, siteFolder, learners: new Learners(store) },
      ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
    }),
  );
  const operators =
    config.metricsPort === null
      ? undefined
      : started.use(await OperatorListener.start({ port: config.metricsPort, metrics, health }));
  const resources = started.move();
  const { port } = gateway;
  return {
    ...{ port, origin: `http://127.0.0.1:${port}`, metricsPort: operators?.port ?? null },
    leave: async () => {
      await gateway[Symbol.asyncDispose]();
      await registry.release();
      await resources.disposeAsync();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
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
