import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MachineEndedError } from '../../errors.ts';
import type { ControlLink } from './control-link.ts';
import { ScriptRunner } from './script-runner.ts';

const REQUEST = { script: 'true', timeoutMs: 1_000 };

function bench() {
  const sent: unknown[] = [];
  const control = { send: (message: Record<string, unknown>) => sent.push(message) } as unknown as ControlLink;
  return { sent, scripts: new ScriptRunner(control) };
}

describe('scripts for a guest that is being resumed', () => {
  it('are sent once it runs, and count as busy from the moment they are asked for', async () => {
    const { sent, scripts } = bench();
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    const result = scripts.run(REQUEST, ready);
    assert.equal(scripts.isBusy, true);
    await new Promise(setImmediate);
    assert.deepEqual(sent, []);
    resolve();
    while (sent.length === 0) await new Promise(setImmediate);
    scripts.receive({ event: 'ran', id: 1, status: 0 });
    assert.equal((await result).status, 0);
    assert.equal(scripts.isBusy, false);
  });

  it('reject with the end of the machine when it ended instead', async () => {
    const { scripts } = bench();
    const { promise: ready, reject } = Promise.withResolvers<void>();
    const result = scripts.run(REQUEST, ready);
    reject(new Error('QEMU closed its monitor'));
    scripts.end(new MachineEndedError('m', 'crashed'));
    await assert.rejects(result, MachineEndedError);
  });
});
