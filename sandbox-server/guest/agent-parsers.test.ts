import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';

const python = spawn('python3', [join(import.meta.dirname, 'agent-harness.py')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();

interface TerminalAnswer {
  readonly error: string | null;
  readonly held: readonly [acked: number, sent: number, end: number, applied: number, pending: number];
  readonly greeted: boolean;
  readonly output: number;
}
interface ControlAnswer {
  readonly error: string | null;
  readonly said: readonly { readonly event: string; readonly error?: string }[];
}

async function ask<T>(port: 'terminal' | 'control', bytes: Buffer, cuts: readonly number[]): Promise<T> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const pieces = [0, ...places].map((from, index) => bytes.subarray(from, places[index]).toString('base64'));
  python.stdin.write(`${JSON.stringify({ port, pieces })}\n`);
  const { value } = await answers.next();
  return JSON.parse(String(value)) as T;
}

function frame(kind: number, offset: number, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt8(kind);
  header.writeBigUInt64BE(BigInt(offset), 1);
  header.writeUInt32BE(bytes.length, 9);
  return Buffer.concat([header, bytes]);
}

function message(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

const cuts = fc.array(fc.nat(), { maxLength: 20 });
const HELLO = frame(5, 0, Buffer.alloc(0));

/** Input, repeated and with gaps, acknowledgements forward and back, hellos, and kinds that there are not. */
const hostFrames = fc
  .array(fc.tuple(fc.constantFrom(3, 3, 3, 4, 4, 5, 1, 9), fc.nat(400), fc.uint8Array({ maxLength: 60 })), {
    maxLength: 30,
  })
  .map((frames) => Buffer.concat(frames.map(([kind, offset, bytes]) => frame(kind, offset, bytes))));

const OPS = ['hello', 'wake', 'clock', 'open', 'login', 'resize', 'run', 'cancel', 'nonsense', '__init__'];
const FIELDS = ['id', 'time', 'seed', 'files', 'terminal', 'port', 'user', 'rows', 'cols', 'script', 'timeoutMs'];
const request = fc
  .tuple(fc.constantFrom(...OPS), fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue({ maxDepth: 1 })))
  .map(([op, fields]) => ({ op, ...fields }));

describe('the agent, whatever its host says', () => {
  after(async () => {
    python.stdin.end();
    await once(python, 'exit');
  });

  it('stands where it should: what was acknowledged, sent and held, what was applied, in whatever pieces it came', async () => {
    await fc.assert(
      fc.asyncProperty(hostFrames, cuts, async (bytes, pieces) => {
        const whole = await ask<TerminalAnswer>('terminal', Buffer.concat([HELLO, bytes]), []);
        const cut = await ask<TerminalAnswer>('terminal', Buffer.concat([HELLO, bytes]), pieces);
        const [acked, , end, applied, pending] = whole.held;
        assert.equal(whole.error, null);
        assert.ok(acked <= whole.held[1] && whole.held[1] <= end && end === 102_400);
        assert.equal(pending, 0);
        assert.ok(applied <= 460);
        // How much output went out depends on how often it was asked, where everything stands does not.
        assert.deepEqual(
          [cut.held[0], cut.held[2], cut.held[3], cut.held[4], cut.greeted],
          [acked, end, applied, 0, true],
        );
      }),
      { numRuns: 300 },
    );
  });

  it('applies input once, however often and in whatever parts it is repeated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 20 }), cuts, async (parts, pieces) => {
        const typed = Buffer.alloc(100, 'x');
        const frames = parts.map(([a, b]) => frame(3, Math.min(a, b), typed.subarray(Math.min(a, b), Math.max(a, b))));
        const reach = parts.reduce((end, [a, b]) => (Math.min(a, b) <= end ? Math.max(end, Math.max(a, b)) : end), 0);
        const { held } = await ask<TerminalAnswer>('terminal', Buffer.concat([HELLO, ...frames]), pieces);
        assert.equal(held[3], reach);
      }),
      { numRuns: 300 },
    );
  });

  it('answers a request that it cannot do with its failure, and goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 10 }), cuts, async (requests, pieces) => {
        const bytes = Buffer.concat([...requests, { op: 'hello' }].map(message));
        const { error, said } = await ask<ControlAnswer>('control', bytes, pieces);
        assert.equal(error, null);
        assert.equal(said.at(-1)?.event, 'hello');
        assert.deepEqual(said, (await ask<ControlAnswer>('control', bytes, [])).said);
      }),
      { numRuns: 300 },
    );
  });

  it('hears another server from its beginning, whatever part of a message the one before it had said', async () => {
    const whole = message({ op: 'run', script: 'é'.repeat(40), timeoutMs: 0xffff });
    const lengths = Buffer.from([0, 0, 0xff, 0xff]);
    const part = fc.nat(whole.length).map((count) => whole.subarray(0, count));
    const before = fc.oneof(
      part,
      fc.nat(4).map((count) => lengths.subarray(0, count)),
    );
    await fc.assert(
      fc.asyncProperty(before, cuts, async (bytes, pieces) => {
        const all = Buffer.concat([bytes, Buffer.alloc(8, 0xff), message({ op: 'hello' })]);
        const { error, said } = await ask<ControlAnswer>('control', all, pieces);
        assert.equal(error, null);
        assert.equal(said.at(-1)?.event, 'hello');
      }),
      { numRuns: 300 },
    );
  });

  it('gives up on a frame or a message that it could not hold, instead of waiting for it', async () => {
    const frameHeader = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    assert.equal((await ask<TerminalAnswer>('terminal', frameHeader, [])).error, 'ValueError');
    const messageLength = Buffer.from([0, 0x20, 0, 0]);
    assert.equal((await ask<ControlAnswer>('control', messageLength, [])).error, 'ValueError');
  });
});
