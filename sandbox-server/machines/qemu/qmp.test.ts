import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Duplex, duplexPair } from 'node:stream';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Qmp, QmpError } from './qmp.ts';

/** On a busy host fewer cases are as good as many; and what fails is told before it is as small as can be. */
const INTERRUPTED = { interruptAfterTimeLimit: 10_000 };
const MOST_LINES = 8;
const GREETING = '{"QMP": {"version": {}, "capabilities": []}}\n';

async function connected() {
  const [ours, qemu] = duplexPair();
  const { promise: violated, resolve: onViolation } = Promise.withResolvers<string>();
  const connecting = Qmp.connect(ours, { onViolation });
  qemu.write(GREETING);
  await once(qemu, 'data');
  qemu.write('{"return": {}}\n');
  return { qmp: await connecting, qemu, violated };
}

/**
 * What is pushed arrives, as with a socket. A duplexPair waits to be read from, and nobody reads again after two pieces
 * that lie within one character.
 */
async function connectedToPushed() {
  const ours = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  const connecting = Qmp.connect(ours);
  ours.push(GREETING);
  await new Promise(setImmediate);
  ours.push('{"return": {}}\n');
  return { qmp: await connecting, ours };
}

describe('the monitor of a QEMU that a guest may have taken over', () => {
  it('answers commands in order, whatever the pieces its lines come in', async () => {
    const { qmp, qemu } = await connected();
    const answers = Promise.allSettled([qmp.execute('a'), qmp.execute('b')]);
    for (const piece of ['{"return": {"x"', ': 1}}\n{"event": "STOP"}\n{"error": {"desc": "n', 'o"}}\n'])
      qemu.write(piece);
    assert.deepEqual(await answers, [
      { status: 'fulfilled', value: { x: 1 } },
      { status: 'rejected', reason: new QmpError('no') },
    ]);
  });

  for (const [what, line] of [
    ['is no JSON', 'x'],
    ['is no object', '1'],
    ['has an error without words', '{"error": null}'],
    ['is empty', ''],
  ] as const) {
    it(`is given up when a line ${what}, and whoever waits is told`, async () => {
      const { qmp, qemu, violated } = await connected();
      const answer = assert.rejects(qmp.execute('a'), /QEMU closed its monitor/);
      qemu.write(`${line}\n`);
      assert.equal(await violated, 'a line that is no QMP');
      await answer;
    });
  }

  it('is given up when a line does not end', async () => {
    const { qemu, violated } = await connected();
    qemu.write('x'.repeat(65 * 1024));
    assert.equal(await violated, 'a line without an end');
  });

  it('is given up when it says more than a QEMU would', async () => {
    const { qemu, violated } = await connected();
    qemu.write('{"event": "STOP"}\n'.repeat(1_000));
    assert.equal(await violated, 'more than 200 messages a second');
  });

  it('says the same in whatever pieces its bytes come, though they cut a character in two', async () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const line = fc.oneof(
      fc.record({ event: fc.constant('STOP'), data: fc.dictionary(fc.string({ unit: 'grapheme' }), value) }),
      fc.record({ error: fc.record({ desc: fc.string({ unit: 'grapheme' }) }) }),
      fc.record({ return: value }),
    );
    const heard = async (bytes: Buffer, cuts: readonly number[]) => {
      const { qmp, ours } = await connectedToPushed();
      const seen: unknown[] = [];
      qmp.onEvent('STOP', (data) => seen.push(data));
      // One more than there can be answers: it fails when everything has been read, so nothing is heard after it.
      const commands = Array.from({ length: MOST_LINES + 1 }, (_, index) => `command-${index}`);
      const answers = commands.map((command) => qmp.execute(command).catch((error: Error) => error.message));
      const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
      for (const [index, from] of [0, ...places].entries()) ours.push(bytes.subarray(from, places[index]));
      ours.push(null);
      return [...(await Promise.all(answers)), ...seen];
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: MOST_LINES }),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (lines, cuts) => {
          const bytes = Buffer.from(lines.map((value) => `${JSON.stringify(value)}\n`).join(''));
          assert.deepEqual(await heard(bytes, cuts), await heard(bytes, []));
        },
      ),
      { ...INTERRUPTED, numRuns: 200 },
    );
  });

  it('survives arbitrary lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.json(), fc.string())), async (lines) => {
        const { qmp, qemu } = await connected();
        const answer = qmp.execute('a').catch(() => {});
        qemu.end(`${lines.join('\n')}\n`);
        await answer;
      }),
      INTERRUPTED,
    );
  });
});
