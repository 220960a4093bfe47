import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { MachineEndedError } from '../../errors.ts';
import { TERMINAL_WINDOW_BYTES } from '../driver.ts';
import { ControlLink } from './control-link.ts';
import { ScriptRunner } from './script-runner.ts';
import { TerminalLink } from './terminal-link.ts';

const AGENT_FIELDS = ['event', 'id', 'error', 'terminal', 'status', 'timedOut', 'truncated', 'stdout', 'stderr'];

/** A hostile guest's end of a port, and ours. */
describe('the ports of a machine whose guest is hostile', () => {
  const path = join(tmpdir(), `drydock-links-${process.pid}.sock`);
  let server: Server;
  before(async () => {
    server = createServer().listen(path);
    await once(server, 'listening');
  });
  const opened: Socket[] = [];
  after(() => {
    for (const socket of opened) socket.destroy();
    server.close();
  });

  async function pair(): Promise<{ guest: Socket; host: Socket }> {
    const accepted = once(server, 'connection');
    const host = connect(path);
    const [guest] = (await accepted) as [Socket];
    guest.on('error', () => {});
    opened.push(guest, host);
    return { guest, host };
  }

  async function openTerminal() {
    const { guest, host } = await pair();
    const control = new ControlLink((await pair()).host);
    const { promise: violated, resolve: onViolation } = Promise.withResolvers<string>();
    const terminal = new TerminalLink({ id: 'alice', user: 'alice', socket: host, control, onViolation });
    return { guest, host, terminal, violated };
  }

  function frame(kind: number, offset: bigint, bytes: Uint8Array): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt8(kind);
    header.writeBigUInt64BE(offset, 1);
    header.writeUInt32BE(bytes.length, 9);
    return Buffer.concat([header, bytes]);
  }

  it('ends a terminal that skips output', async () => {
    const { guest, violated } = await openTerminal();
    guest.write(frame(1, 5n, Buffer.from('late')));
    assert.equal(await violated, 'terminal alice: kind 1 at offset 5');
  });

  it('ends a terminal that claims input nobody typed', async () => {
    const { guest, violated } = await openTerminal();
    guest.write(frame(2, 1n, Buffer.alloc(0)));
    assert.equal(await violated, 'terminal alice: kind 2 at offset 1');
  });

  it('ends a terminal that sends more than its window', async () => {
    const { guest, terminal, violated } = await openTerminal();
    terminal.listen({ output: () => {}, inputApplied: () => {}, status: () => {} });
    const chunk = Buffer.alloc(60_000);
    for (let offset = 0; offset < TERMINAL_WINDOW_BYTES * 2; offset += chunk.length) {
      guest.write(frame(1, BigInt(offset), chunk));
    }
    assert.equal(await violated, 'terminal alice: more output than its window');
  });

  it('ends a control port that announces a message it could not hold', async () => {
    const { guest, host } = await pair();
    const { promise: violated, resolve } = Promise.withResolvers<string>();
    new ControlLink(host).onViolation(resolve);
    guest.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    assert.equal(await violated, 'a message of 4294967299 bytes');
  });

  function message(value: unknown): Buffer {
    const body = Buffer.from(JSON.stringify(value));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, body]);
  }

  it('ends a control port whose message holds what throws when it is used', async () => {
    const { guest, host } = await pair();
    const { promise: violated, resolve } = Promise.withResolvers<string>();
    new ControlLink(host).onViolation(resolve);
    guest.write(message({ event: 'ran', id: { toString: 1, valueOf: 1 } }));
    assert.equal(await violated, 'a message that is not one of the agent');
  });

  it('takes any JSON on the control port without a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...AGENT_FIELDS), fc.jsonValue()), async (fields) => {
        const { guest, host } = await pair();
        const control = new ControlLink(host);
        const scripts = new ScriptRunner(control);
        control.onMessage((received) => scripts.receive(received));
        const settled = scripts.run({ script: 'true', timeoutMs: 1000 }).catch(() => {});
        const closed = once(host, 'close');
        guest.end(message({ event: 'ran', ...fields }));
        await closed;
        scripts.end(new MachineEndedError('m', 'disposed'));
        await settled;
      }),
      { numRuns: 200 },
    );
  });

  it('ends a control port that says more than an agent would', async () => {
    const { guest, host } = await pair();
    const { promise: violated, resolve } = Promise.withResolvers<string>();
    new ControlLink(host).onViolation(resolve);
    guest.write(Buffer.concat(Array.from({ length: 2000 }, () => message({ event: 'terminal' }))));
    assert.equal(await violated, 'more than 500 messages a second');
  });

  it('ends a terminal that never reads, before what waits for it fills the memory', async () => {
    const { guest, terminal, violated } = await openTerminal();
    guest.pause();
    const chunk = Buffer.alloc(32 * 1024);
    for (let offset = 0; offset < 8 * 1024 * 1024; offset += chunk.length) terminal.write(offset, chunk);
    assert.equal(await violated, 'terminal alice: does not read its port');
  });

  it('ends a control port that never reads', async () => {
    const { guest, host } = await pair();
    guest.pause();
    const control = new ControlLink(host);
    const { promise: violated, resolve } = Promise.withResolvers<string>();
    control.onViolation(resolve);
    for (let count = 0; count < 100; count += 1) control.send({ op: 'resize', padding: 'x'.repeat(64 * 1024) });
    assert.equal(await violated, 'it is not read');
  });

  it('tells once how far input was applied, however often the guest says it', async () => {
    const { guest, host, terminal } = await openTerminal();
    const applied: number[] = [];
    const { promise: complete, resolve } = Promise.withResolvers<void>();
    terminal.listen({
      output: () => resolve(),
      inputApplied: (offset) => applied.push(offset),
      status: () => {},
    });
    terminal.write(0, Buffer.from('ls'));
    const repeated = Array.from({ length: 50 }, () => frame(2, 2n, Buffer.alloc(0)));
    guest.write(Buffer.concat([...repeated, frame(1, 0n, Buffer.from('end'))]));
    await complete;
    guest.write(Buffer.concat([...repeated, frame(2, 1n, Buffer.alloc(0))]));
    guest.end();
    await once(host, 'close');
    assert.deepEqual(applied, [2]);
  });

  it('passes on what repeats, once', async () => {
    const { guest, terminal } = await openTerminal();
    let seen = '';
    const { promise: complete, resolve } = Promise.withResolvers<void>();
    terminal.listen({
      output: (_offset, bytes) => {
        seen += Buffer.from(bytes).toString();
        if (seen.endsWith('!')) resolve();
      },
      inputApplied: () => {},
      status: () => {},
    });
    guest.write(frame(1, 0n, Buffer.from('hello')));
    guest.write(frame(1, 2n, Buffer.from('llo wor')));
    guest.write(frame(1, 0n, Buffer.from('hel')));
    guest.write(frame(1, 9n, Buffer.from('ld!')));
    await complete;
    assert.equal(seen, 'hello world!');
  });

  it('survives arbitrary bytes on both kinds of port', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), async (chunks) => {
        const { guest, host } = await openTerminal();
        const control = await pair();
        new ControlLink(control.host);
        for (const chunk of chunks) {
          guest.write(chunk);
          control.guest.write(chunk);
        }
        const closed = Promise.all([once(host, 'close'), once(control.host, 'close')]);
        guest.destroy();
        control.guest.destroy();
        await closed;
      }),
      { numRuns: 100 },
    );
  });
});
