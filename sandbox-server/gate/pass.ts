import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { BAD_GATEWAY, type EngineClient, engineGone, FIRST_FAILURE, MISSING } from './engine-client.ts';
import { Refusal } from './refusal.ts';
import type { Order } from './routes.ts';

/** Of the engine's answer; what concerns a connection is each side's own. */
const PASSED_HEADERS = ['content-type', 'api-version', 'docker-experimental', 'ostype', 'server'];

/** Asks the engine and hands its answer on as it comes. */
export async function pass(engine: EngineClient, order: Order, response: ServerResponse): Promise<void> {
  const { socket } = response.req;
  const ask = () => {
    const asked = order.counted ? engine.open(order) : openFor(engine, order, socket);
    const answered = answerTo(asked);
    asked.end();
    return answered;
  };
  const answer = await (order.counted ? order.counted(() => (socket.destroyed ? left() : ask())) : ask());
  if (answer.statusCode === MISSING) order.onMissing?.();
  await handOn(answer, order, response);
}

/** Joins client and engine, byte for byte; what is no stream is handed on as an answer. */
export async function carryStream(
  engine: EngineClient,
  order: Order,
  socket: Duplex,
  answerPlainly: () => ServerResponse,
): Promise<void> {
  const asked = order.isStart ? engine.open(order) : openFor(engine, order, socket);
  const streaming = new Promise<Duplex>((resolve) => {
    asked.once('upgrade', (_answer, stream, head) => {
      if (head.length > 0) stream.unshift(head);
      resolve(stream);
    });
  });
  const answered = answerTo(asked);
  asked.end();
  const stream = await Promise.race([streaming, answered.then(() => undefined)]);
  if (stream === undefined) return handOn(await answered, order, answerPlainly());
  // Whoever left before a start had its answer has no more of it than that it is started.
  if (socket.destroyed) return void stream.destroy();
  const head = ['HTTP/1.1 101 UPGRADED', 'Content-Type: application/vnd.docker.raw-stream'];
  socket.write([...head, 'Connection: Upgrade', 'Upgrade: tcp', '', ''].join('\r\n'));
  join(socket, stream);
}

/** The end of one direction is passed on by itself; a side that is gone takes the other with it. */
function join(client: Duplex, engine: Duplex): void {
  for (const [from, to] of [
    [client, engine],
    [engine, client],
  ] as const) {
    from.on('error', () => to.destroy()).on('close', () => to.destroy());
    from.pipe(to);
  }
}

/** A client that goes away takes its question with it. */
function openFor(engine: EngineClient, order: Order, client: Duplex): ClientRequest {
  const asked = engine.open(order);
  const leave = () => void asked.destroy();
  client.once('close', leave);
  asked.once('close', () => client.off('close', leave));
  // It left while the gate looked something up.
  if (client.destroyed) leave();
  return asked;
}

/** Who has left while others were counted is not counted for. */
const left = () => Promise.reject(new Refusal('The client has left before its turn.', BAD_GATEWAY));

function answerTo(asked: ClientRequest): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).on('error', (cause) => reject(engineGone(cause)));
  });
  answered.catch(() => {});
  return answered;
}

async function handOn(answer: IncomingMessage, { show }: Order, response: ServerResponse): Promise<void> {
  const status = answer.statusCode ?? 0;
  for (const name of PASSED_HEADERS) {
    const value = answer.headers[name];
    if (value !== undefined) response.setHeader(name, value);
  }
  try {
    if (show === undefined || status >= FIRST_FAILURE) {
      response.writeHead(status);
      await pipeline(answer, response);
    } else {
      const shown = JSON.stringify(show((await json(answer)) as Record<string, unknown>));
      response.writeHead(status).end(shown);
    }
  } catch (cause) {
    if (response.destroyed) return;
    throw cause instanceof Refusal ? cause : engineGone(cause);
  }
}
