import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Docker from 'dockerode';
import { RELAY } from '../machines/docker/container-commands.ts';
import { LABELS } from '../machines/docker/docker-context.ts';
import { DemuxedExec } from '../machines/docker/mux/demux-exec.ts';
import { openRelay } from '../machines/docker/relay.ts';
import { GatedEngine } from '../testing/gated-engine.ts';

const MACHINE = 'a'.repeat(64);
const HELPER = 'c'.repeat(64);
const MIB = 1024 * 1024;
let gated: GatedEngine;
let docker: Docker;

beforeEach(async () => {
  gated = await GatedEngine.open();
  docker = new Docker({ socketPath: gated.socket, version: 'v1.41' });
  gated.containers.set(MACHINE, { [LABELS.owner]: 'drydock', [LABELS.kind]: 'machine' });
  gated.containers.set(HELPER, { [LABELS.owner]: 'drydock', [LABELS.kind]: 'helper' });
});
afterEach(() => gated[Symbol.asyncDispose]());

/** A stream to the engine, as the driver's library opens it. */
async function open(): Promise<Duplex> {
  const exec = await docker
    .getContainer(MACHINE)
    .exec({ Cmd: [...RELAY], AttachStdin: true, AttachStdout: true, AttachStderr: true });
  return exec.start({ hijack: true, stdin: true });
}

/** The same by hand: a request whose body has so many bytes, and what is written with it. */
async function openByHand(length: number, written: string): Promise<Socket> {
  const { id } = await docker
    .getContainer(MACHINE)
    .exec({ Cmd: [...RELAY], AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const head = [`POST /exec/${id}/start HTTP/1.1`, 'Host: x', 'Connection: Upgrade', 'Upgrade: tcp'];
  const socket = connect(gated.socket);
  socket.write([...head, `Content-Length: ${length}`, '', written].join('\r\n'));
  return socket;
}

/** The engine's side of the next stream. */
function engineSide(): Promise<Socket> {
  return new Promise((resolve) => {
    gated.onStream = (stream) => resolve(stream as Socket);
  });
}

describe('a stream', () => {
  it('carries what both sides write, and does not take the body of the request for it', async () => {
    const theirs = engineSide();
    const ours = await open();
    const engine = await theirs;
    ours.write('to the mux');
    assert.equal(String((await once(engine, 'data'))[0]), 'to the mux');
    engine.write('from the mux');
    assert.equal(String((await once(ours, 'data'))[0]), 'from the mux');
    ours.destroy();
  });

  it('hands on bytes that came in one piece with the request', async () => {
    const theirs = engineSide();
    const socket = await openByHand(2, '{}early ');
    socket.write('late');
    const engine = await theirs;
    socket.end();
    assert.equal(await text(engine), 'early late');
    socket.destroy();
  });

  it('waits for a body that comes in pieces', async () => {
    const theirs = engineSide();
    const socket = await openByHand(13, '{"Tty');
    await new Promise((resolve) => setImmediate(resolve));
    socket.write('":false}then');
    assert.equal(String((await once(await theirs, 'data'))[0]), 'then');
    socket.destroy();
  });

  it('ends in one direction and goes on in the other', async () => {
    const theirs = engineSide();
    const ours = await open();
    const engine = await theirs;
    ours.end('the last');
    assert.equal(await text(engine), 'the last');
    engine.write('and yet ');
    engine.end('an answer');
    assert.equal(await text(ours), 'and yet an answer');
  });

  it('ends from the engine’s side while the client still writes', async () => {
    const theirs = engineSide();
    const ours = connect({ path: gated.socket, allowHalfOpen: true });
    const { id } = await docker
      .getContainer(MACHINE)
      .exec({ Cmd: [...RELAY], AttachStdin: true, AttachStdout: true, AttachStderr: true });
    ours.write(`POST /exec/${id}/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`);
    const engine = await theirs;
    engine.end();
    assert.match(await text(ours), /^HTTP\/1\.1 101 /);
    ours.end('still here');
    assert.equal(await text(engine), 'still here');
  });

  it('that one side leaves is gone for the other', async () => {
    let theirs = engineSide();
    const ours = await open();
    const engine = await theirs;
    const ended = once(engine, 'end');
    engine.resume().on('error', () => {});
    ours.destroy();
    // On a local socket nobody can tell who left from who has only stopped writing, but by writing.
    await ended;
    while (!engine.destroyed) {
      engine.write('anybody?');
      await new Promise((resolve) => setImmediate(resolve));
    }
    theirs = engineSide();
    const again = await open();
    const left = once(again, 'close');
    again.resume().on('error', () => {});
    (await theirs).destroy();
    await left;
  });

  it('is held up by a side that does not read, and loses nothing', async () => {
    const theirs = engineSide();
    const ours = (await open()) as Socket;
    const engine = await theirs;
    const piece = Buffer.alloc(MIB, 'x');
    let written = 0;
    const flood = new Readable({
      read() {
        written += 1;
        this.push(written > 32 ? null : piece);
      },
    });
    flood.pipe(engine);
    // It stands still when all buffers on the way are full.
    let before = -1;
    while (before !== written) {
      before = written;
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(written < 16, `${written} MiB are on their way to somebody who reads nothing`);
    let read = 0;
    ours.on('data', (data: Buffer) => {
      read += data.length;
    });
    await once(ours, 'end');
    assert.equal(read, 32 * MIB);
  });

  it('is started where its client has left before, and then gone', async () => {
    const { id } = await docker
      .getContainer(MACHINE)
      .exec({ Cmd: [...RELAY], AttachStdin: true, AttachStdout: true, AttachStderr: true });
    const { promise: mayStart, resolve: start } = Promise.withResolvers<void>();
    const asked = new Promise<Duplex>((resolve) => {
      gated.beforeStream = (stream) => {
        resolve(stream);
        return mayStart;
      };
    });
    // One that leaves an answer unread resets its connection, which the gate sees at once.
    const socket = connect(gated.socket).pause();
    socket.write('GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n');
    const others = async () => {
      for (let turn = 0; turn < 5; turn += 1) await gated.ask('GET', '/_ping');
    };
    await others();
    socket.write(`POST /exec/${id}/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`);
    const engine = await asked;
    const ends: string[] = [];
    engine.resume().on('end', () => ends.push('end'));
    socket.destroy();
    await others();
    assert.deepEqual(ends, [], 'an engine that is left may not start what the gate counts as started');
    const gone = once(engine, 'end');
    start();
    await gone;
  });

  it('is what the driver’s relay goes through', async () => {
    gated.onStream = (stream) => {
      const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 5]);
      stream.write(Buffer.concat([header, Buffer.from('hello')]));
    };
    const relay = await openRelay(docker.getContainer(MACHINE));
    assert.equal(String((await once(relay, 'data'))[0]), 'hello');
    relay.destroy();
  });

  it('is what a helper is attached by', async () => {
    gated.onStream = (stream) => {
      const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 4]);
      stream.end(Buffer.concat([header, Buffer.from('done')]));
    };
    const streams = { hijack: true, stream: true, stdin: true, stdout: true, stderr: true };
    const attached = new DemuxedExec((await docker.getContainer(HELPER).attach(streams)) as never);
    assert.equal(await text(attached), 'done');
  });

  it('that the engine does not give is answered as the engine does', async () => {
    const exec = await docker
      .getContainer(MACHINE)
      .exec({ Cmd: [...RELAY], AttachStdin: true, AttachStdout: true, AttachStderr: true });
    await gated.stopEngine();
    await assert.rejects(exec.start({ hijack: true, stdin: true }), (cause: any) => {
      assert.equal(cause.statusCode, 502);
      return true;
    });
  });
});

describe('an engine', () => {
  it('that is gone is said to be, and found again when it is back', async () => {
    await gated.stopEngine();
    for (const [method, path] of [
      ['GET', '/version'],
      ['GET', `/containers/${MACHINE}/json`],
      ['DELETE', `/containers/${MACHINE}?force=true&v=true`],
    ] as const) {
      const { status, body, headers } = await gated.ask(method, path);
      assert.equal(status, 502);
      assert.match(body.message, /The Docker Engine behind the gate does not answer: connect E\w+ /);
      assert.equal(headers['content-type'], 'application/json');
    }
    await gated.startEngine();
    assert.equal((await gated.ask('GET', '/version')).status, 200);
  });

  it('that breaks off in the middle of an answer does so for the client', async () => {
    gated.onRequest = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('{"half":');
      setImmediate(() => response.destroy());
      return true;
    };
    await assert.rejects(gated.ask('GET', '/version'), { code: 'ECONNRESET' });
  });

  it('that says no is quoted', async () => {
    gated.onRequest = (request, response) => {
      if (!request.url?.endsWith('/start')) return false;
      response
        .writeHead(409, { 'Content-Type': 'application/json', 'X-Other': 'a' })
        .end('{"message":"it does not run"}');
      return true;
    };
    const { status, body, headers } = await gated.ask('POST', `/containers/${MACHINE}/start`);
    assert.deepEqual([status, body], [409, { message: 'it does not run' }]);
    assert.equal(headers['x-other'], undefined);
  });

  it('is not kept waiting for by somebody who has left', async () => {
    const waits = new Promise<Socket>((resolve) => {
      gated.onRequest = (request) => {
        if (!request.url?.includes('/wait')) return false;
        resolve(request.socket);
        return true;
      };
    });
    const waiting = request({
      socketPath: gated.socket,
      method: 'POST',
      path: `/containers/${MACHINE}/wait?condition=removed`,
    });
    waiting.on('error', () => {}).end();
    const socket = await waits;
    const left = once(socket, 'close');
    waiting.destroy();
    await left;
  });
});
