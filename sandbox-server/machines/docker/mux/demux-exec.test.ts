import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { it } from 'node:test';
import { DemuxedExec } from './demux-exec.ts';

const [STDOUT, STDERR] = [1, 2];

/** As an engine sends it. */
function piece(output: number, bytes: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(output, 0);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

it('takes standard output out of what an engine sends, wherever that is cut, and keeps the end of the other', async () => {
  const [near, far] = duplexPair();
  const program = new DemuxedExec(near);
  const printed: Buffer[] = [];
  let sent = Buffer.alloc(0);
  for (let round = 0; round < 200; round += 1) {
    const bytes = randomBytes(randomInt(0, 3_000));
    printed.push(bytes);
    sent = Buffer.concat([sent, piece(STDOUT, bytes), piece(STDERR, Buffer.from(`line ${round}\n`))]);
  }
  const came: Buffer[] = [];
  program.on('data', (data: Buffer) => came.push(data));
  for (let at = 0; at < sent.length; ) {
    const size = randomInt(1, 5_000);
    far.write(sent.subarray(at, at + size));
    at += size;
  }
  far.end();
  await once(program, 'end');
  assert.ok(Buffer.concat(came).equals(Buffer.concat(printed)));
  assert.match(program.said, /line 198\nline 199\n$/);
  assert.ok(program.said.length <= 2_000);
});

it('holds up an engine whose output nobody reads', async () => {
  const [near, far] = duplexPair();
  const program = new DemuxedExec(near);
  let taken = 0;
  const bytes = piece(STDOUT, randomBytes(32 * 1024));
  while (far.write(bytes)) {
    taken += 1;
    assert.ok(taken < 1_000, 'it takes whatever comes');
    await new Promise(setImmediate);
  }
  const drained = once(far, 'drain');
  program.resume();
  await drained;
});

it('loses nothing of what had come when the connection closed, however slowly it is read', async () => {
  const [near, far] = duplexPair();
  const program = new DemuxedExec(near);
  const sent = randomBytes(300_000);
  for (let at = 0; at < sent.length; at += 10_000) far.write(piece(STDOUT, sent.subarray(at, at + 10_000)));
  far.end();
  const came: Buffer[] = [];
  for await (const data of program) {
    came.push(data);
    await new Promise(setImmediate);
  }
  assert.ok(Buffer.concat(came).equals(sent));
});
