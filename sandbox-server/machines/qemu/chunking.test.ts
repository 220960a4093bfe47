import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ControlLink } from './control-link.ts';
import { TerminalLink } from './terminal-link.ts';

/** A port whose bytes come when the test says so, in the pieces it says. */
class Port extends EventEmitter {
  readonly writable = true;
  readonly writableLength = 0;
  destroyed = false;
  write(): boolean {
    return true;
  }
  pause(): void {}
  resume(): void {}
  destroy(): void {
    this.destroyed = true;
  }
  /** Nothing is read from a port that was destroyed. */
  feed(bytes: Buffer, cuts: readonly number[]): void {
    const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
    for (const [index, from] of [0, ...places].entries()) {
      if (!this.destroyed) this.emit('data', bytes.subarray(from, places[index] ?? bytes.length));
    }
    this.emit('close');
  }
  get socket(): Socket {
    return this as unknown as Socket;
  }
}

function frame(kind: number, offset: bigint, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt8(kind);
  header.writeBigUInt64BE(offset, 1);
  header.writeUInt32BE(bytes.length, 9);
  return Buffer.concat([header, bytes]);
}

/** What a terminal passes on of these bytes, when they come in these pieces. */
function terminalOf(bytes: Buffer, cuts: readonly number[]) {
  const port = new Port();
  const violations: string[] = [];
  const control = new ControlLink(new Port().socket);
  const onViolation = (detail: string) => violations.push(detail);
  const terminal = new TerminalLink({ id: 'a', user: 'a', socket: port.socket, control, onViolation });
  const output: Buffer[] = [];
  let end = 0;
  const applied: number[] = [];
  terminal.listen({
    output: (offset, piece) => {
      assert.equal(offset, end, 'output goes on where it ended');
      output.push(Buffer.from(piece));
      end += piece.length;
    },
    inputApplied: (offset) => {
      assert.ok(offset > (applied.at(-1) ?? 0), 'how far input was applied only grows');
      applied.push(offset);
    },
    status: () => {},
  });
  terminal.write(0, Buffer.alloc(100));
  port.feed(bytes, cuts);
  return { output: Buffer.concat(output).toString('hex'), applied: applied.at(-1), violations };
}

function controlOf(bytes: Buffer, cuts: readonly number[]) {
  const port = new Port();
  const control = new ControlLink(port.socket);
  const seen: unknown[] = [];
  control.onMessage((message) => seen.push(message));
  control.onViolation((detail) => seen.push(detail));
  port.feed(bytes, cuts);
  return seen;
}

const cuts = fc.array(fc.nat(), { maxLength: 30 });

/** Frames such as an agent sends, and now and then one that it would not. */
const terminalBytes = fc
  .array(
    fc.record({
      kind: fc.constantFrom(1, 1, 1, 1, 2, 2, 3, 0),
      /** Back from, or beyond, where output stands. */
      shift: fc.constantFrom(0, 0, 0, 0, -3, -1000, 1),
      bytes: fc.uint8Array({ maxLength: 50 }),
    }),
    { maxLength: 40 },
  )
  .map((frames) => {
    let end = 0;
    return Buffer.concat(
      frames.map(({ kind, shift, bytes }) => {
        const offset = kind === 1 ? Math.max(0, end + shift) : Math.max(0, 50 + shift);
        if (kind === 1) end = Math.max(end, offset + bytes.length);
        return frame(kind, BigInt(offset), kind === 1 ? bytes : Buffer.alloc(0));
      }),
    );
  });

const controlBytes = fc
  .array(
    fc.oneof(
      fc.record({ event: fc.constantFrom('ran', 'terminal', 'hello'), id: fc.nat(), stdout: fc.string() }),
      fc.jsonValue(),
    ),
    { maxLength: 20 },
  )
  .map((values) =>
    Buffer.concat(
      values.flatMap((value) => {
        const body = Buffer.from(JSON.stringify(value));
        const length = Buffer.alloc(4);
        length.writeUInt32BE(body.length);
        return [length, body];
      }),
    ),
  );

describe('the ports of a machine, in whatever pieces their bytes come', () => {
  it('pass on the same output, input and violation of a terminal', () => {
    fc.assert(
      fc.property(terminalBytes, cuts, (bytes, pieces) => {
        assert.deepEqual(terminalOf(bytes, pieces), terminalOf(bytes, []));
      }),
      { numRuns: 1_000 },
    );
  });

  it('pass on the same of a terminal that sends anything at all, a byte at a time or at once', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const data = Buffer.from(bytes);
        assert.deepEqual(terminalOf(data, [...data.keys()]), terminalOf(data, []));
      }),
      { numRuns: 1_000 },
    );
  });

  it('pass on the same messages and the same violation of a control port', () => {
    fc.assert(
      fc.property(fc.oneof(controlBytes, fc.uint8Array({ maxLength: 60 }).map(Buffer.from)), cuts, (bytes, pieces) => {
        assert.deepEqual(controlOf(bytes, pieces), controlOf(bytes, []));
      }),
      { numRuns: 1_000 },
    );
  });

  it('pass on what came at once in one piece, though every byte had a frame of its own', () => {
    const port = new Port();
    const control = new ControlLink(new Port().socket);
    const options = { id: 'a', user: 'a', socket: port.socket, control, onViolation: assert.fail };
    const pieces: string[] = [];
    new TerminalLink(options).listen({
      output: (_offset, bytes) => pieces.push(Buffer.from(bytes).toString()),
      inputApplied: () => {},
      status: () => {},
    });
    const text = 'a byte at a time';
    port.feed(Buffer.concat([...Buffer.from(text)].map((byte, at) => frame(1, BigInt(at), Uint8Array.of(byte)))), []);
    assert.deepEqual(pieces, [text]);
  });
});
