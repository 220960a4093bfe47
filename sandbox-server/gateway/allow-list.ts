import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../config.ts';

/** Names a browser on this computer may use for it. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Which pages may talk to this server, and by which names it may be called. Exact, also on localhost: a page of
 * another origin must not drive the learner's machine, and a name that was rebound to this address is not ours.
 */
export interface AllowList {
  readonly origins: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
}

export function makeAllowList({ publicOrigins }: Pick<Config, 'publicOrigins'>, port: number): AllowList {
  const local = LOCAL_NAMES.map((name) => new URL(`http://${name}:${port}`).origin);
  const origins = [...local, ...publicOrigins];
  return { origins: new Set(origins), hosts: new Set(origins.map((origin) => new URL(origin).host)) };
}

export function isAllowedHost({ hosts }: AllowList, headers: IncomingHttpHeaders): boolean {
  return headers.host !== undefined && hosts.has(headers.host.toLowerCase());
}

/** A request without an Origin is refused too: browsers send one with everything that is checked here. */
export function isAllowedOrigin({ origins }: AllowList, headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined && origins.has(headers.origin);
}
