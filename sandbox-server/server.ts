import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../labs/format/lab.ts';
import { Learners } from './attempts/learners.ts';
import { Pruner } from './attempts/pruner.ts';
import { claimState } from './attempts/state-claim.ts';
import { Store } from './attempts/store.ts';
import { examinations } from './examinations.ts';
import { Gateway } from './gateway/gateway.ts';
import { OperatorListener } from './gateway/operator-listener.ts';
import { Health } from './health.ts';
import { EventLoopDelay } from './metrics/event-loop-delay.ts';
import { Metrics } from './metrics/metrics.ts';
import { addProcessFigures } from './metrics/process-figures.ts';
import { openAttempts } from './open-attempts.ts';
import type { ServerOptions } from './server-options.ts';

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Where to open the site on this computer. */
  readonly origin: string;
  /** Where programs on this computer find /metrics; null where it was not asked for. */
  readonly metricsPort: number | null;
  /** A lab's author has changed it, and `labs` has it already: sandboxes go on with what is asked in them now. */
  revise(lab: Lab): void;
  /** Ends every connection, and leaves the sandboxes to the server that comes next. */
  leave(): Promise<void>;
}

const ADOPTION_PATIENCE_MS = 3_000;

/** Puts the layers together and listens. Disposing ends every connection and every sandbox. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, driver, siteFolder, stateFolder, author } = options;
  await using started = new AsyncDisposableStack();
  const metrics = new Metrics();
  const eventLoop = started.use(new EventLoopDelay());
  if (stateFolder !== ':memory:') started.use(await claimState(stateFolder));
  const store = started.use(new Store(stateFolder === ':memory:' ? stateFolder : join(stateFolder, 'drydock.sqlite')));
  started.use(new Pruner({ store, config, log }));
  const registry = openAttempts(started, { ...options, store, metrics });
  addProcessFigures(metrics, eventLoop);
  const health = new Health(examinations({ store, driver, eventLoop }));
  const { heartbeatIntervalMs, adoptionPatienceMs = ADOPTION_PATIENCE_MS } = options;
  await settledOrLate(registry.adopt(), adoptionPatienceMs);
  const gateway = started.use(
    await Gateway.start({
      ...{ config, log, metrics, health, registry, siteFolder, learners: new Learners(store) },
      ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
      ...(author && { addRoutes: author.addRoutes }),
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
    revise: (lab) => registry.revise(lab),
    leave: async () => {
      await gateway[Symbol.asyncDispose]();
      await registry.release();
      await resources.disposeAsync();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function settledOrLate(work: Promise<void>, patienceMs: number): Promise<void> {
  const settled = new AbortController();
  const patience = delay(patienceMs, undefined, { signal: settled.signal }).catch(() => {});
  await Promise.race([work, patience]);
  settled.abort();
}
