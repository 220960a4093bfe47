import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

test('a script reads itself and prints to both outputs, whichever descriptors the agent had free', () => {
  const harness = join(import.meta.dirname, 'descriptors-harness.py');
  const input = 'echo out\necho "what it says of itself" >&2\nexit 3\n';
  const printed = execFileSync('python3', [harness], { input, encoding: 'utf8', timeout: 20_000 });
  const runs = printed.trimEnd().split('\n');
  assert.equal(runs.length, 9);
  for (const run of runs) {
    const { first, ...result } = JSON.parse(run) as { first: number };
    assert.deepEqual(result, { status: 3, stdout: 'out\n', stderr: 'what it says of itself\n' }, `from ${first} on`);
  }
});
