import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Attempt } from '../attempts/attempt.ts';
import type { Learners } from '../attempts/learners.ts';
import type { Registry } from '../attempts/registry.ts';
import { Tickets } from '../attempts/tickets.ts';
import type { Config } from '../config.ts';
import { Refusal } from '../errors.ts';
import type { Health } from '../health.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type AllowList, isAllowedHost, isAllowedOrigin, makeAllowList } from './allow-list.ts';
import { addApi, type TicketHolder } from './api.ts';
import { Connection } from './connection.ts';
import { addErrorAnswers } from './http-errors.ts';
import { inlineScriptHashes } from './inline-scripts.ts';
import { learnerCookie } from './learner-cookie.ts';
import { listen } from './listen.ts';
import { Refusals } from './refusals.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addSite } from './site.ts';
import { acceptUpgrades, type Upgrades } from './upgrade.ts';

/** Routes beside the site and its API, behind the same guards, and whose attempt a request is about. */
export type AddRoutes = (
  app: FastifyInstance,
  attempts: {
    of(request: FastifyRequest, lab: string): Attempt | undefined;
    /** Throws a Refusal where a request that changes something comes from another site's page. */
    requireOwnPage(request: FastifyRequest): void;
  },
) => void;

export interface GatewayOptions {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly registry: Registry;
  readonly learners: Learners;
  /** The built site. */
  readonly siteFolder: string;
  readonly heartbeatIntervalMs?: number;
  readonly addRoutes?: AddRoutes;
}

interface Parts {
  readonly app: FastifyInstance;
  readonly connections: ReadonlySet<Connection>;
  readonly upgrades: Upgrades;
  readonly port: number;
}

/** A request that sends its head or body more slowly than this is dropped. */
const REQUEST_TIMEOUT_MS = 15_000;

/** HTTP and WebSockets: the site, one API call, and the connections. */
export class Gateway implements AsyncDisposable {
  readonly port: number;
  readonly #app: FastifyInstance;
  readonly #connections: ReadonlySet<Connection>;
  readonly #upgrades: Upgrades;

  static async start(options: GatewayOptions): Promise<Gateway> {
    const { config, log, metrics } = options;
    const refusals = new Refusals(log, metrics);
    const tickets = new Tickets<TicketHolder>(config.ticketLifetimeMs);
    const connections = new Set<Connection>();
    let opened = 0;
    metrics.read('drydock_connections', () => [[{}, connections.size]]);
    // The port is known once listening has begun; nothing arrives before.
    const bound: { port: number; allowList: AllowList } = { port: 0, allowList: makeAllowList(config, 0) };
    const app = await makeApp(options, { tickets, bound, refusals });
    const upgrades = acceptUpgrades(app.server, {
      ...{ config, log, refusals },
      allowList: () => bound.allowList,
      onSocket: (socket, request) => {
        const { name } = learnerCookie(request.headers.origin ?? '', bound.port);
        const learner = options.learners.find(app.parseCookie(request.headers.cookie ?? '')[name]);
        const { heartbeatIntervalMs } = options;
        const redeem = (ticket: string) => {
          const holder = tickets.redeem(ticket);
          return holder && { ...holder, attempt: options.registry.open(holder, holder.lab) };
        };
        const more = heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs };
        opened += 1;
        const own = { socket, log: log.child({ connection: opened }), learner, redeem, ...more };
        const connection = new Connection({ config, metrics, refusals, ...own });
        connections.add(connection);
        socket.on('close', () => connections.delete(connection));
      },
    });
    await listen(app, config);
    bound.port = (app.server.address() as AddressInfo).port;
    bound.allowList = makeAllowList(config, bound.port);
    return new Gateway({ app, connections, upgrades, port: bound.port });
  }

  private constructor({ app, connections, upgrades, port }: Parts) {
    this.#app = app;
    this.#connections = connections;
    this.#upgrades = upgrades;
    this.port = port;
  }

  /** Fastify's close knows nothing of upgraded sockets: they get their code first, and no more of them come. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#upgrades.refuseAll();
    for (const connection of this.#connections) connection.close('goingAway');
    await this.#app.close();
  }
}

interface AppParts {
  readonly tickets: Tickets<TicketHolder>;
  readonly bound: { readonly port: number; readonly allowList: AllowList };
  readonly refusals: Refusals;
}

async function makeApp(options: GatewayOptions, { tickets, bound, refusals }: AppParts): Promise<FastifyInstance> {
  const { config, log, registry, learners, siteFolder, health } = options;
  const app: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // One hop: the address is the one that the proxy itself wrote.
    trustProxy: config.trustProxy ? (_address: string, hop: number) => hop === 0 : false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
  });
  app.addHook('onRequest', async (request) => {
    if (!isAllowedHost(bound.allowList, request.headers)) throw new Refusal('foreign-origin');
  });
  addErrorAnswers(app, refusals);
  // Only JSON: forms and plain text are what a foreign page can post without asking first.
  app.removeContentTypeParser('text/plain');
  await app.register(fastifyCookie);
  await app.register(rateLimit, { global: false });
  await addSecurityHeaders(app, await inlineScriptHashes(siteFolder));
  addApi(app, { registry, learners, tickets, config, allowList: () => bound.allowList, port: () => bound.port });
  app.get('/healthz', async (_request, reply) => {
    const report = await health.report();
    return reply
      .code(report.status === 'failing' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(report);
  });
  options.addRoutes?.(app, {
    of: ({ headers, cookies }, lab) => {
      const { name } = learnerCookie(headers.origin ?? '', bound.port);
      // A page that asks before it has started a machine has no cookie yet.
      return registry.find(learners.find(cookies[name]), lab);
    },
    requireOwnPage: ({ headers }) => {
      if (!isAllowedOrigin(bound.allowList, headers)) throw new Refusal('foreign-origin');
    },
  });
  await addSite(app, siteFolder);
  return app;
}
