// A pretend guest in a process of its own, so that what it burns is not the server's: speaks the agent's frames on a
// Unix socket per port. Its terminal echoes after two milliseconds, as a real machine does, or floods when told to.
import { createServer, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEAR_OUTPUT } from './dear-output.ts';

export type GuestFlood = 'output' | 'crumbs' | 'empty frames' | 'messages' | 'dear output';

const KIND = { output: 1, inputApplied: 2, input: 3, ack: 4, hello: 5 } as const;
const HEADER_BYTES = 13;
const WINDOW_BYTES = 128 * 1024;
const ECHO_MS = 2;
const BATCH = 256;
/** Below what ends a machine. */
const MESSAGES_PER_10_MS = 4;

const [, , folder = '', niceness = '0'] = process.argv;
setPriority(Number(niceness));

let flood: GuestFlood | null = null;
let sent = 0;
let acknowledged = 0;
let unparsed: Buffer = Buffer.alloc(0);

function frame(kind: number, offset: number, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(kind);
  header.writeBigUInt64BE(BigInt(offset), 1);
  header.writeUInt32BE(bytes.length, 9);
  return Buffer.concat([header, bytes]);
}

function receive(socket: Socket, data: Buffer): void {
  unparsed = Buffer.concat([unparsed, data]);
  while (unparsed.length >= HEADER_BYTES) {
    const end = HEADER_BYTES + unparsed.readUInt32BE(9);
    if (unparsed.length < end) return;
    const kind = unparsed.readUInt8();
    const offset = Number(unparsed.readBigUInt64BE(1));
    const bytes = Buffer.from(unparsed.subarray(HEADER_BYTES, end));
    unparsed = unparsed.subarray(end);
    if (kind === KIND.ack || kind === KIND.hello) acknowledged = Math.max(acknowledged, offset);
    if (kind === KIND.input) setTimeout(() => echo(socket, offset, bytes), ECHO_MS);
  }
}

function echo(socket: Socket, offset: number, bytes: Buffer): void {
  socket.write(frame(KIND.inputApplied, offset + bytes.length, Buffer.alloc(0)));
  print(socket, bytes);
}

function print(socket: Socket, bytes: Buffer): boolean {
  const goesOn = socket.write(frame(KIND.output, sent, bytes));
  sent += bytes.length;
  return goesOn;
}

const PIECES = {
  output: Buffer.alloc(32 * 1024, 'y\r\n'),
  crumbs: Buffer.from('y'),
  'empty frames': Buffer.alloc(0),
  'dear output': Buffer.alloc(32 * 1024, DEAR_OUTPUT),
};

/** As much as the port takes, for ever. */
async function floodTerminal(socket: Socket): Promise<void> {
  while (!socket.destroyed) {
    const piece = flood === null || flood === 'messages' ? undefined : PIECES[flood];
    if (piece === undefined) await delay(5);
    else {
      for (let count = 0; count < BATCH && sent + piece.length - acknowledged <= WINDOW_BYTES; count += 1) {
        if (!print(socket, piece)) break;
      }
      if (socket.writableNeedDrain) await new Promise((resolve) => socket.once('drain', resolve));
      else await new Promise(setImmediate);
    }
  }
}

async function floodControl(socket: Socket): Promise<void> {
  const body = Buffer.from(JSON.stringify({ event: 'terminal', terminal: 'alice', status: 'open' }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  while (!socket.destroyed) {
    await delay(10);
    if (flood !== 'messages') continue;
    for (let count = 0; count < MESSAGES_PER_10_MS; count += 1) socket.write(Buffer.concat([length, body]));
  }
}

function listen(name: string, onSocket: (socket: Socket) => void): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  return new Promise((resolve) => server.listen(join(folder, name), resolve));
}

await listen('terminal', (socket) => {
  socket.on('data', (data: Buffer) => receive(socket, data));
  void floodTerminal(socket);
});
await listen('control', (socket) => {
  socket.resume();
  void floodControl(socket);
});
process.on('message', (wanted: GuestFlood | null) => {
  flood = wanted;
  process.send?.('done');
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
