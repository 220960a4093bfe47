import type { Readable } from 'node:stream';
import { Refusal } from './refusal.ts';

/** The largest is a machine's: two filters and a command line, 20 KiB. */
const MAX_BODY_BYTES = 256 * 1024;
/** More than a runner. */
const MAX_DISCARDED_BYTES = 256 * 1024 * 1024;
const TOO_LARGE = 413;
const BAD_REQUEST = 400;

const tooLarge = () => new Refusal(`A body of more than ${MAX_BODY_BYTES / 1024} KiB is none of Drydock's.`, TOO_LARGE);

export async function readBody(request: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Reads on for a while, and keeps nothing. */
export async function discard(request: Readable): Promise<void> {
  let bytes = 0;
  request.on('error', () => {});
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      bytes += piece.length;
      if (bytes > MAX_DISCARDED_BYTES) return;
    }
  } catch {
    // It is gone, or was read before.
  }
}

/**
 * Of a request that asks for another protocol: Node leaves its body to us, as the first bytes of the connection. Only
 * their number is looked at; what follows them is put back.
 */
export async function readBodyBeforeUpgrade(
  headers: NodeJS.Dict<string | string[]>,
  socket: Readable,
  head: Buffer,
): Promise<string> {
  if (headers['transfer-encoding'] !== undefined) {
    throw new Refusal('A request for a stream says how long its body is.', BAD_REQUEST);
  }
  const length = Number(headers['content-length'] ?? 0);
  if (length > MAX_BODY_BYTES) throw tooLarge();
  let bytes = head;
  while (bytes.length < length) bytes = Buffer.concat([bytes, await nextPiece(socket)]);
  if (bytes.length > length) socket.unshift(bytes.subarray(length));
  return bytes.subarray(0, length).toString('utf8');
}

function nextPiece(socket: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      socket.off('readable', look);
      socket.off('end', fail);
      socket.off('error', fail);
    };
    const look = () => {
      const piece: Buffer | null = socket.read();
      if (piece === null) return;
      settle();
      resolve(piece);
    };
    const fail = () => {
      settle();
      reject(new Refusal('The body is shorter than it said.', BAD_REQUEST));
    };
    socket.on('readable', look).once('end', fail).once('error', fail);
    look();
  });
}

/** What is sent on is made anew from this, so of a key that stands twice only what was looked at reaches the engine. */
export function parseBody(text: string): Record<string, unknown> {
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('The body is not JSON.', BAD_REQUEST);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('The body is not a JSON object.', BAD_REQUEST);
  }
  return value as Record<string, unknown>;
}
