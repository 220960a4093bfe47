import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type Log = Logger;

/**
 * Names under which a secret might ever be handed to the log; whatever stands there is replaced. What the learner
 * types and what machines print is never logged at all.
 */
const SECRET_FIELDS = [
  'ticket',
  'cookie',
  'cookies',
  'secret',
  'secrets',
  'token',
  'authorization',
  'set-cookie',
  'env',
];

const SECRET_PATHS = SECRET_FIELDS.flatMap((field) => {
  const key = /^\w+$/.test(field) ? field : `["${field}"]`;
  const nested = (parent: string) => (key.startsWith('[') ? `${parent}${key}` : `${parent}.${key}`);
  return [key, nested('*'), nested('*.*'), nested('*.*.*')];
});

export function makeLog({ logLevel }: Pick<Config, 'logLevel'>, destination?: DestinationStream): Log {
  const options = {
    level: logLevel,
    base: null,
    redact: { paths: SECRET_PATHS, censor: '[hidden]' },
    serializers: {
      // Only what helps: a whole request carries its cookie.
      req: (request: { method?: string; url?: string }) => ({ method: request.method, path: pathOnly(request.url) }),
      err: pino.stdSerializers.err,
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** A query may hold what a person pasted; the path is enough to find a fault. */
function pathOnly(url: string | undefined): string | undefined {
  return url?.split('?', 1)[0];
}
