import type { Config } from '../../sandbox-server/config.ts';
import { DrydockError } from '../../sandbox-server/errors.ts';
import type { CacheUser } from '../preflight/cache-users.mjs';
import { requireFreePort } from '../serve/free-port.ts';
import { type Finding, good, lack } from './finding.ts';
import { findListener, type Listener } from './listener.ts';

type Address = Pick<Config, 'host' | 'port'>;

export async function examinePort(address: Address, users: readonly CacheUser[]): Promise<Finding> {
  try {
    await requireFreePort(address);
    return judgeFreePort(address);
  } catch (cause) {
    if (!(cause instanceof DrydockError)) throw cause;
    if (cause.code === 'port-taken') return judgeTakenPort(address, findListener(address.port), users);
    return lack('port', cause.message, 'HOST and PORT are described in docs/configuration.md.');
  }
}

export function judgeFreePort({ host, port }: Address): Finding {
  return good('port', port === 0 ? `any free one on ${host} (PORT=0)` : `${host}:${port} is free`);
}

/** `listener` is undefined where it belongs to a user who is none of our business. */
export function judgeTakenPort(
  { host, port }: Address,
  listener: Listener | undefined,
  users: readonly CacheUser[],
): Finding {
  const ours = users.find(({ pid }) => pid === listener?.pid);
  if (ours !== undefined) {
    return good(
      'port',
      `${host}:${port} is served by Drydock already ("npm run ${ours.command}", process ${ours.pid})`,
    );
  }
  const who = listener === undefined ? "a program of another user's" : `${listener.command} (process ${listener.pid})`;
  return lack(
    'port',
    `${host}:${port} is taken by ${who}.`,
    `End it, or choose another port:\n  PORT=${port === 65_535 ? port - 1 : port + 1} npm start`,
  );
}
