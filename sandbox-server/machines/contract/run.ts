import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MAX_RUN_OUTPUT_BYTES, type Machine } from '../driver.ts';
import { type ContractSubject, firstTerminal, RUN_TIMEOUT_MS } from './subject.ts';

export function describeRun({ makeMachine }: ContractSubject): void {
  const run = (machine: Machine, script: string, more = {}) =>
    machine.run({ script, timeoutMs: RUN_TIMEOUT_MS, ...more });

  it('runs a script as root and tells its output and status', async () => {
    await using machine = await makeMachine();
    const result = await run(machine, 'id -un\necho odd >&2\nexit 3');
    assert.deepEqual(result, { status: 3, timedOut: false, stdout: 'root\n', stderr: 'odd\n', truncated: false });
  });

  it('runs a script as another user, with the environment it was given', async () => {
    await using machine = await makeMachine();
    const { user } = firstTerminal(machine);
    const result = await run(machine, 'id -un; echo "$DRYDOCK_SECRET_FLAG"', {
      user,
      env: { DRYDOCK_SECRET_FLAG: 'a b' },
    });
    assert.equal(result.stdout, `${user}\na b\n`);
  });

  it('cuts output at the limit and says so', async () => {
    await using machine = await makeMachine();
    const result = await run(machine, 'seq 30000');
    assert.equal(result.truncated, true);
    assert.equal(Buffer.byteLength(result.stdout), MAX_RUN_OUTPUT_BYTES);
  });

  it('ends a script at its deadline, keeps what it printed, and runs the next one', async () => {
    await using machine = await makeMachine();
    const late = await run(machine, 'echo begun; sleep 300', { timeoutMs: 2_000 });
    assert.deepEqual([late.status, late.timedOut, late.stdout], [null, true, 'begun\n']);
    assert.equal((await run(machine, 'echo next')).stdout, 'next\n');
  });

  it('ends a script when its caller gives up, and runs the next one', async () => {
    await using machine = await makeMachine();
    const abort = new AbortController();
    const given = run(machine, 'sleep 300', { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('given up')));
    await assert.rejects(given, { message: 'given up' });
    assert.equal((await run(machine, 'echo next')).stdout, 'next\n');
  });

  it('runs scripts one at a time, in the order they were asked for', async () => {
    await using machine = await makeMachine();
    const file = '/tmp/drydock-contract-order';
    const results = await Promise.all([
      run(machine, `touch ${file}; sleep 0.2; rm ${file}`),
      run(machine, `test -e ${file}`),
      run(machine, `touch ${file}`),
      run(machine, `test -e ${file}`),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      [0, 1, 0, 0],
    );
  });
}
