import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ContractSubject, RUN_TIMEOUT_MS } from './subject.ts';

export function describeFork({ makeMachine }: ContractSubject): void {
  it('gives each fork files of its own: what one writes, the other never sees', async () => {
    await using first = await makeMachine();
    await using second = await makeMachine();
    const file = '/tmp/drydock-contract-fork';
    await first.run({ script: `touch ${file}`, timeoutMs: RUN_TIMEOUT_MS });
    const script = `test -e ${file}`;
    assert.equal((await first.run({ script, timeoutMs: RUN_TIMEOUT_MS })).status, 0);
    assert.equal((await second.run({ script, timeoutMs: RUN_TIMEOUT_MS })).status, 1);
  });

  it('puts personal files in place before the fork resolves', async () => {
    const files = [{ path: '/root/flag', content: 'only here\n', mode: 0o600, owner: 'root' }];
    await using machine = await makeMachine({ files });
    const result = await machine.run({ script: 'cat /root/flag', timeoutMs: RUN_TIMEOUT_MS });
    assert.equal(result.stdout, 'only here\n');
  });

  it('makes no machine for a caller who has already given up', async () => {
    await assert.rejects(makeMachine({ signal: AbortSignal.abort(new Error('given up')) }), { message: 'given up' });
  });
}
