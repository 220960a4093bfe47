import { join } from 'node:path';
import type { Lab } from '../labs/format/lab.ts';
import { Admission } from './attempts/admission.ts';
import { Learners } from './attempts/learners.ts';
import { Registry } from './attempts/registry.ts';
import { Store } from './attempts/store.ts';
import type { Config } from './config.ts';
import { Gateway } from './gateway/gateway.ts';
import type { Log } from './log.ts';
import type { Driver } from './machines/driver.ts';
import type { Templates } from './machines/templates.ts';

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
}

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Where to open the site on this computer. */
  readonly origin: string;
}

/** Puts the layers together and listens. Disposing ends every connection and every sandbox. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, driver, templates, labs, siteFolder, stateFolder } = options;
  await using started = new AsyncDisposableStack();
  const store = started.use(new Store(stateFolder === ':memory:' ? stateFolder : join(stateFolder, 'drydock.sqlite')));
  const admission = new Admission(config.maxSandboxes);
  const registry = started.use(new Registry({ driver, templates, store, admission, limits: config, log, labs }));
  const { heartbeatIntervalMs } = options;
  const gateway = started.use(
    await Gateway.start({
      ...{ config, log, registry, siteFolder, learners: new Learners(store) },
      ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
    }),
  );
  const resources = started.move();
  const { port } = gateway;
  return { port, origin: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
