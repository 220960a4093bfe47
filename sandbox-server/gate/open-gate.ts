import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { DrydockError } from '../errors.ts';
import { type GateOptions, makeGate } from './gate.ts';

export interface OpenGateOptions extends GateOptions {
  /** Where the gate listens. */
  readonly socket: string;
}

/** Its owner and its group: whoever may open it may have machines, and no more. */
const SOCKET_MODE = 0o660;

/** A gate that listens. */
export async function openGate({ socket, ...options }: OpenGateOptions): Promise<AsyncDisposable> {
  if (await answers(socket)) {
    throw new DrydockError(
      'port-taken',
      `Another gate listens on ${socket}. Stop it, or set GATE_SOCKET to another path.`,
    );
  }
  // Of a gate that was killed.
  await rm(socket, { force: true });
  const server = makeGate(options);
  server.listen(socket);
  await once(server, 'listening').catch((cause) => {
    const message = `The gate cannot listen on ${socket}: ${cause.message}. Set GATE_SOCKET to a path in a folder of its own.`;
    throw new DrydockError('address-unavailable', message, { cause });
  });
  await chmod(socket, SOCKET_MODE);
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const tried = connect(socket);
    tried.once('connect', () => {
      tried.destroy();
      resolve(true);
    });
    tried.once('error', () => resolve(false));
  });
}
