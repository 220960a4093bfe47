import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { API_VERSION } from '../machines/docker/engine/api-version.ts';
import { NotThere, type Refusal } from './refusal.ts';

/** As the engine answers, so that whoever asked prints it. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  // What has begun cannot be answered differently any more.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, message } = refusal;
  response.writeHead(status, {
    ...{ 'Content-Type': 'application/json', 'Api-Version': API_VERSION },
    // There may be more of the request to come, which nobody reads.
    Connection: 'close',
  });
  // What is not there nobody refuses.
  response.end(JSON.stringify({ message: refusal instanceof NotThere ? message : `Refused by the gate: ${message}` }));
}

/** An answer to a request that wanted a stream and does not get it. */
export function answerPlainly(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  // What it may have sent besides is not waited for.
  response.once('finish', () => socket.destroySoon());
  return response;
}

export function answerUnreadable(socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ message: 'Refused by the gate: this is not HTTP as Drydock writes it.' });
  const head = ['HTTP/1.1 400 Bad Request', 'Content-Type: application/json', `Content-Length: ${body.length}`];
  socket.end([...head, 'Connection: close', '', body].join('\r\n'));
}
