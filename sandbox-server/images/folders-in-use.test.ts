import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { foldersInUse } from './folders-in-use.ts';

test('a folder is in use while a process names it, or one in it, on its command line', async () => {
  const child = spawn('sh', ['-c', 'echo ready; read line', '--ro-bind', '/cache/checkpoints/lab-1/host', '/template']);
  await once(child.stdout, 'data');
  const used = await foldersInUse();
  assert.deepEqual(
    ['/cache/checkpoints/lab-1', '/cache/checkpoints/lab-1/host', '/cache/checkpoints/lab', '/cache/checkpoints/l'].map(
      used,
    ),
    [true, true, false, false],
  );
  child.stdin.end();
  await once(child, 'exit');
  assert.equal((await foldersInUse())('/cache/checkpoints/lab-1'), false);
});
