import fastify from 'fastify';
import type { Config } from '../../sandbox-server/config.ts';
import { listen } from '../../sandbox-server/gateway/listen.ts';

/** A taken port is said before minutes of building, in the words the server itself would use. */
export async function requireFreePort(config: Pick<Config, 'host' | 'port'>): Promise<void> {
  const trial = fastify();
  await listen(trial, config);
  await trial.close();
}
