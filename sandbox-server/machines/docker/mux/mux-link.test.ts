import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { describe, it } from 'node:test';
import { CHANNEL_WINDOW_BYTES, encodeFrame, FIRST_MONITOR, FRAME_KINDS, MAX_LINE_BYTES } from './mux-frames.ts';
import { MachineGoneError, MuxLink } from './mux-link.ts';
import { type Stage, startMux } from './mux-stage.ts';

const MIB = 1024 * 1024;
const FAST = { pingMs: 200, attempts: 5 };

async function begin(stage: Stage, more = {}): Promise<MuxLink> {
  return MuxLink.begin({ connect: () => stage.connect(), ...FAST, ...more });
}

async function line(link: MuxLink, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => link.onLine((line) => pattern.test(line) && resolve(line)));
}

/** Sends all, and resolves to what came back when there is as much of it. */
async function echo(channel: Duplex, sent: Buffer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let received = 0;
  const complete = new Promise<void>((resolve) => {
    channel.on('data', (piece: Buffer) => {
      pieces.push(piece);
      received += piece.length;
      if (received >= sent.length) resolve();
    });
  });
  for (let at = 0; at < sent.length; ) {
    const size = randomInt(1, 200_000);
    if (!channel.write(sent.subarray(at, at + size))) await once(channel, 'drain');
    at += size;
  }
  await complete;
  return Buffer.concat(pieces);
}

describe('a link with a mux', () => {
  it('carries several channels at once, each in order, and closes them one by one', async () => {
    await using stage = await startMux();
    const link = await begin(stage);
    const monitor = await link.open(FIRST_MONITOR);
    assert.equal(String((await once(monitor, 'data'))[0]), 'greeting\n');
    const channels = await Promise.all([1, 2, 3].map(() => link.open('echo.sock')));
    const sent = channels.map(() => randomBytes(2 * MIB));
    const came = await Promise.all(channels.map((channel, index) => echo(channel, sent[index] as Buffer)));
    assert.deepEqual(
      came.map((bytes, index) => bytes.equals(sent[index] as Buffer)),
      [true, true, true],
    );
    channels[0]?.destroy();
    const more = randomBytes(1000);
    channels[1]?.removeAllListeners('data');
    assert.ok((await echo(channels[1] as Duplex, more)).equals(more));
    link.release();
  });

  it('says that there is no such socket, and goes on', async () => {
    await using stage = await startMux();
    const link = await begin(stage);
    await link.open(FIRST_MONITOR).then((monitor) => once(monitor, 'data'));
    await assert.rejects(link.open('nothing.sock'));
    await link.open('echo.sock');
    link.release();
  });

  it('loses nothing and repeats nothing, however often its connection breaks', async () => {
    await using stage = await startMux();
    let current: Socket | undefined;
    let connections = 0;
    const link = await begin(stage, {
      attempts: 100,
      connect: async () => {
        connections += 1;
        current = await stage.connect();
        return current;
      },
    });
    await link.open(FIRST_MONITOR).then((monitor) => once(monitor, 'data'));
    const channels = await Promise.all([1, 2].map(() => link.open('echo.sock')));
    let received = 0;
    for (const channel of channels) {
      channel.on('data', (piece: Buffer) => {
        // Every so many bytes, at a place in the stream that nobody chose.
        if (Math.floor(received / 300_000) !== Math.floor((received + piece.length) / 300_000)) current?.destroy();
        received += piece.length;
      });
    }
    const sent = channels.map(() => randomBytes(3 * MIB));
    const came = await Promise.all(channels.map((channel, index) => echo(channel, sent[index] as Buffer)));
    assert.deepEqual(
      came.map((bytes, index) => bytes.equals(sent[index] as Buffer)),
      [true, true],
    );
    assert.ok(connections > 10, `${connections} connections`);
    link.release();
  });

  it('ends when another one begins, which finds the machine as it is', async () => {
    await using stage = await startMux();
    const first = await begin(stage);
    await first.open(FIRST_MONITOR).then((monitor) => once(monitor, 'data'));
    const second = await begin(stage);
    assert.deepEqual(await first.over, { why: 'another server has taken it over', isTakenOver: true });
    const channel = await second.open('echo.sock');
    const sent = randomBytes(10_000);
    assert.ok((await echo(channel, sent)).equals(sent));
    second.release();
  });

  it('holds no more than a window of what nobody reads', async () => {
    await using stage = await startMux();
    const link = await begin(stage);
    await link.open(FIRST_MONITOR).then((monitor) => once(monitor, 'data'));
    const channel = await link.open('echo.sock');
    channel.pause();
    const sent = randomBytes(2 * MIB);
    channel.write(sent);
    // Other channels are not held up by it.
    const other = await link.open('echo.sock');
    const bytes = randomBytes(MIB);
    assert.ok((await echo(other, bytes)).equals(bytes));
    assert.ok(channel.readableLength <= CHANNEL_WINDOW_BYTES, `${channel.readableLength} bytes`);
    link.release();
  });

  it('hears when its machine is stopped, goes on and ends, and why', async () => {
    await using stage = await startMux(
      [],
      ['perl', '-e', 'print STDERR "the last words\n"; sleep 1; kill 19, $$; exit 3'],
    );
    const link = await begin(stage);
    const ended = line(link, /^ended /);
    await line(link, /^stopped$/);
    const [machine] = readFileSync(`/proc/${stage.pid}/task/${stage.pid}/children`, 'utf8').split(' ');
    process.kill(Number(machine), 'SIGCONT');
    assert.equal(await ended, 'ended exit 3. the last words ');
    await stage.ended;
    assert.equal((await link.over).isTakenOver, false);
  });

  it('says what the machine has used', async () => {
    await using stage = await startMux();
    const link = await begin(stage);
    const usage = line(link, /^usage \d+ \d+$/);
    link.say('usage');
    const [, , memory] = (await usage).split(' ');
    assert.ok(Number(memory) > 100_000);
    link.release();
  });
});

describe('a machine in a container', () => {
  it('ends a while after its owner is gone, if nobody has said how long it may live', async () => {
    await using stage = await startMux(['alone=1']);
    const link = await begin(stage);
    link.release();
    await stage.ended;
  });

  it('lives on until the time that was said last, and not longer', async () => {
    await using stage = await startMux(['alone=1']);
    const link = await begin(stage);
    link.say(`live-until ${Date.now() + 3_600_000}`);
    link.say(`live-until ${Date.now() + 4_000}`);
    link.release();
    const again = await begin(stage);
    assert.match(await line(again, /^ended /), /its time was up/);
    await stage.ended;
  });

  it('is not there for whoever comes when it is over', async () => {
    await using stage = await startMux();
    const link = await begin(stage);
    link.say('kill');
    await stage.ended;
    const connect = async () => {
      throw new MachineGoneError('its container is gone');
    };
    await assert.rejects(MuxLink.begin({ connect }), MachineGoneError);
  });
});

describe('a mux', () => {
  it('is not disturbed by what strangers say to it', async () => {
    await using stage = await startMux();
    const link = await begin(stage, { attempts: 0 });
    await link.open(FIRST_MONITOR).then((monitor) => once(monitor, 'data'));
    for (let round = 0; round < 50; round += 1) {
      const stranger = await stage.connect();
      stranger.on('error', () => {});
      const hello = encodeFrame(FRAME_KINDS.hello, 0, Buffer.from('drydock 1 resume 0123456789abcdef0123456789abcdef'));
      const bytes = round % 3 === 0 ? hello : randomBytes(randomInt(1, 5_000));
      stranger.write(bytes);
      if (round % 2 === 0) stranger.destroy();
      else stranger.end();
    }
    const channel = await link.open('echo.sock');
    const sent = randomBytes(MIB);
    assert.ok((await echo(channel, sent)).equals(sent));
    link.release();
  });
});

/** A link whose other end is ours to play. */
async function playMux(): Promise<{ link: MuxLink; far: Duplex; violation: Promise<string> }> {
  const [near, far] = duplexPair();
  far.resume();
  const beginning = MuxLink.begin({ connect: async () => near, pingMs: 60_000, attempts: 0 });
  await once(far, 'data');
  far.write(encodeFrame(FRAME_KINDS.hello, 0, Buffer.from('drydock 1 begun')));
  const link = await beginning;
  const violation = new Promise<string>((resolve) => link.onViolation(resolve));
  return { link, far, violation };
}

describe('a link takes nothing from a mux that no mux says', () => {
  const data = (channel: number, payload: Buffer) => encodeFrame(FRAME_KINDS.data, channel, payload);
  const cases: Record<string, (far: Duplex) => void> = {
    'a frame longer than any': (far) => far.write(Buffer.from([2, 0, 0, 0xff, 0, 0, 0])),
    'a frame of no kind': (far) => far.write(encodeFrame(99 as never, 0)),
    'an acknowledgement of what was never sent': (far) =>
      far.write(encodeFrame(FRAME_KINDS.ack, 0, Buffer.from('00ffffffffffffff', 'hex'))),
    'an acknowledgement of another length': (far) => far.write(encodeFrame(FRAME_KINDS.ack, 0, Buffer.alloc(3))),
    'a line without an end': (far) => {
      for (let sent = 0; sent <= MAX_LINE_BYTES; sent += 1024) far.write(data(0, Buffer.alloc(1024, 0x61)));
    },
    'a line that is too long, at once': (far) => far.write(data(0, Buffer.from(`${'a'.repeat(MAX_LINE_BYTES + 1)}\n`))),
  };
  for (const [what, play] of Object.entries(cases)) {
    it(what, async () => {
      const { link, far, violation } = await playMux();
      play(far);
      await violation;
      await link.over;
    });
  }

  it('more of a channel than its window', async () => {
    const { link, far, violation } = await playMux();
    const opening = link.open('echo.sock');
    far.write(data(0, Buffer.from('opened 1\n')));
    const channel = await opening;
    channel.pause();
    for (let sent = 0; sent <= 2 * CHANNEL_WINDOW_BYTES; sent += 32 * 1024) far.write(data(1, Buffer.alloc(32 * 1024)));
    await violation;
  });

  it('and is not brought down by noise', async () => {
    for (let round = 0; round < 200; round += 1) {
      const { link, far } = await playMux();
      for (let frame = 0; frame < 20; frame += 1) {
        const payload = randomBytes(randomInt(0, 64));
        far.write(encodeFrame(randomInt(0, 7) as never, randomInt(0, 3), payload));
      }
      far.end();
      await link.over;
    }
  });
});
