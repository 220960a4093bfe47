import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type OpenAttemptResponse, openAttemptRequestSchema } from '../../protocol/http.ts';
import type { Learners } from '../attempts/learners.ts';
import type { Registry } from '../attempts/registry.ts';
import type { Tickets } from '../attempts/tickets.ts';
import type { Config } from '../config.ts';
import { Refusal } from '../errors.ts';
import { type AllowList, isAllowedOrigin } from './allow-list.ts';
import { learnerCookie } from './learner-cookie.ts';
import { networkOf } from './network-of.ts';

/**
 * What a ticket stands for: this lab, opened by this learner's browser. Not an attempt: the registry may forget one that
 * nobody looks at before the ticket is used, and a machine started for it would have no owner.
 */
export interface TicketHolder {
  readonly lab: string;
  readonly learner: string;
  /** Of the browser, or the network it is in: see network-of.ts. */
  readonly address: string;
}

export interface ApiOptions {
  readonly registry: Registry;
  readonly learners: Learners;
  readonly tickets: Tickets<TicketHolder>;
  readonly config: Pick<Config, 'requestsPerMinute' | 'connectionsPerAttempt'>;
  allowList(): AllowList;
  port(): number;
}

const MAX_BODY_BYTES = 4 * 1024;

/** The HTTP API: there is one call, everything else goes over the WebSocket that its answer opens. */
export function addApi(app: FastifyInstance, options: ApiOptions): void {
  const { requestsPerMinute } = options.config;
  app.route({
    method: 'POST',
    url: '/api/attempts',
    bodyLimit: MAX_BODY_BYTES,
    config: {
      rateLimit: { max: requestsPerMinute, timeWindow: '1 minute', keyGenerator: ({ ip }) => networkOf(ip) },
    },
    // Before the body is read: a foreign page's request is not worth parsing.
    onRequest: async (request) => {
      if (!isAllowedOrigin(options.allowList(), request.headers)) throw new Refusal('foreign-origin');
    },
    handler: async (request, reply) => openAttempt(request, reply, options),
  });
}

function openAttempt(request: FastifyRequest, reply: FastifyReply, options: ApiOptions): OpenAttemptResponse {
  const body = openAttemptRequestSchema.safeParse(request.body);
  if (!body.success) throw new Refusal('bad-request');
  const cookie = learnerCookie(request.headers.origin ?? '', options.port());
  const learner = options.learners.findOrMake(request.cookies[cookie.name]);
  const owner = { learner: learner.id, address: networkOf(request.ip) };
  const attempt = options.registry.open(owner, body.data.lab);
  if (attempt.watcherCount >= options.config.connectionsPerAttempt) throw new Refusal('too-many-tabs');
  const refusal = attempt.refusal();
  if (refusal !== undefined) throw new Refusal(refusal);
  if (learner.newToken !== undefined) reply.setCookie(cookie.name, learner.newToken, cookie.options);
  reply.header('cache-control', 'no-store');
  return { ticket: options.tickets.issue({ lab: attempt.lab.id, ...owner }) };
}
