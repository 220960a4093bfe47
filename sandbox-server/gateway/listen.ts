import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { DrydockError } from '../errors.ts';

export async function listen(app: FastifyInstance, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw explainListenFailure(cause, { host, port, setting: 'PORT' });
  }
}

interface Wanted {
  readonly host: string;
  readonly port: number;
  readonly setting: 'PORT' | 'METRICS_PORT';
}

export function explainListenFailure(cause: unknown, { host, port, setting }: Wanted): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new DrydockError(
      'port-taken',
      `Port ${port} is taken: another program, perhaps another Drydock, listens on ${host}:${port}. ` +
        `End it, or choose another port: ${setting}=${port + 1} npm start`,
      { cause },
    );
  }
  if (code === 'EACCES') {
    return new DrydockError(
      'address-unavailable',
      `This user may not listen on port ${port}: choose one above 1023, such as ${setting}=4321.`,
      { cause },
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new DrydockError(
      'address-unavailable',
      `This computer has no address "${host}": set HOST to one of its own, or leave it out for 127.0.0.1.`,
      { cause },
    );
  }
  return cause;
}
