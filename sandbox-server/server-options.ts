import type { Lab } from '../labs/format/lab.ts';
import type { Onlooker } from './attempts/attempt-context.ts';
import type { HostMemory } from './attempts/host-memory.ts';
import type { Config } from './config.ts';
import type { AddRoutes } from './gateway/gateway.ts';
import type { Log } from './log.ts';
import type { Driver } from './machines/driver.ts';
import type { Templates } from './machines/templates.ts';

export interface AuthorSide {
  readonly onlooker: Onlooker;
  readonly addRoutes: AddRoutes;
}

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
  /** What `npm run dev` adds for whoever writes labs. Default: nothing, and no route of it. */
  readonly author?: AuthorSide | undefined;
  /** What machines may still take. Default: as the kernel says. */
  readonly memory?: () => HostMemory | undefined;
}
