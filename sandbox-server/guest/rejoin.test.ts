import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

/** What is left of a script when the agent tells the next server that it may begin. */
async function leftAtRejoin(script: string): Promise<string> {
  const harness = promisify(execFile)('python3', [join(import.meta.dirname, 'rejoin-harness.py')], { timeout: 20_000 });
  harness.child.stdin?.end(script);
  return (await harness).stdout.trim();
}

describe('the agent, when another server comes while a script runs', () => {
  it('answers when that script is gone, even one that does not want to go', async () => {
    assert.equal(await leftAtRejoin("trap '' TERM; echo runs; while :; do sleep 0.01; done"), 'gone');
  });

  it('answers when what the script started in its group is gone as well', async () => {
    assert.equal(await leftAtRejoin("(trap '' TERM; while :; do sleep 0.01; done) & echo runs; wait"), 'gone');
  });
});
