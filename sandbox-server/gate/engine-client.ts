import { type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { API_VERSION } from '../machines/docker/engine/api-version.ts';
import { Refusal } from './refusal.ts';

/** What the engine is asked, every byte of it the gate's own. */
export interface EngineRequest {
  readonly method: string;
  /** With its query, without a version. */
  readonly path: string;
  readonly body?: object;
  /** A stream of bytes is wanted, both ways. */
  readonly upgrade?: boolean;
}

export interface EngineAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Of the engine's answers. */
export const FIRST_FAILURE = 300;
export const MISSING = 404;
export const BAD_GATEWAY = 502;

export const engineGone = (cause: unknown): Refusal =>
  new Refusal(`The Docker Engine behind the gate does not answer: ${(cause as Error).message}.`, BAD_GATEWAY);

/** The one who has the engine's socket. A connection per request: nothing of one can be taken for part of the next. */
export class EngineClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Not ended yet. Always the same version of the API, whichever a client named: they differ in what a field does. */
  open({ method, path, body, upgrade }: EngineRequest): ClientRequest {
    const sent = body === undefined ? '' : JSON.stringify(body);
    const opened = request({
      method,
      path: `/v${API_VERSION}${path}`,
      // One direction of a stream may end before the other.
      createConnection: () => connect({ path: this.#socketPath, allowHalfOpen: true }),
      headers: {
        Host: 'docker',
        ...(upgrade ? { Connection: 'Upgrade', Upgrade: 'tcp' } : { Connection: 'close' }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(method === 'POST' && { 'Content-Length': Buffer.byteLength(sent) }),
      },
    });
    if (body !== undefined) opened.write(sent);
    return opened;
  }

  /** A question of the gate's own. */
  ask(path: string): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
      const failed = (cause: unknown) => reject(engineGone(cause));
      const opened = this.open({ method: 'GET', path });
      opened.on('error', failed).on('response', (answer) => {
        text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, body: parse(said) }), failed);
      });
      opened.end();
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
