import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { endMachine } from './end-machine.ts';
import { endMachines, RunFolders } from './run-folder.ts';
import { supervise } from './supervisor.ts';

const stateFolder = mkdtempSync(join(tmpdir(), 'dd-end-'));
after(() => rmSync(stateFolder, { recursive: true }));

async function makeMachine(id: string) {
  const folder = await (await RunFolders.open({ stateFolder, asRoot: false })).make(id);
  const { supervisor } = supervise({
    ...{ command: ['sleep', '1000'], socket: folder.supervisorSocket, writable: [folder.inside] },
    ...{ ownUser: false, inherited: 0 },
  });
  await supervisor.machinePid;
  return { folder, supervisor };
}

describe('ending machines of whichever version', () => {
  it('asks the supervisor, and counts those that there were', async () => {
    const [one, two, other] = await Promise.all(['one-0', 'one-1', 'other'].map(makeMachine));
    const state = { stateFolder, isMeant: (id: string) => id.startsWith('one-') };
    assert.equal(await endMachines(state), 2);
    assert.deepEqual([await one?.supervisor.ended, await two?.supervisor.ended], Array(2).fill('it was told to end. '));
    assert.equal(await endMachines(state), 0);
    assert.equal(existsSync(other?.folder.path ?? ''), true);
    assert.equal(await endMachines({ stateFolder }), 1);
  });

  it('ends the processes of one whose supervisor cannot be spoken to, and nobody who only looks at it', async () => {
    const folder = await (await RunFolders.open({ stateFolder, asRoot: false })).make('foreign');
    const start = (...words: string[]) =>
      spawn('sh', ['-c', 'read line', ...words], { stdio: ['pipe', 'ignore', 'ignore'] });
    const machine = start('qemu-system-x86_64', '-qmp', `unix:x`, `${folder.path}/of-another-version.sock`);
    const onlooker = start(`${folder.path}/run`);
    const neighbour = start('qemu-system-x86_64', `${folder.path}-2/run`);
    const ended = once(machine, 'exit');
    assert.equal(await endMachine(folder.path), true);
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    assert.deepEqual([onlooker.exitCode, neighbour.exitCode], [null, null]);
    assert.equal(existsSync(folder.path), false);
    assert.equal(await endMachine(folder.path), false);
    for (const child of [onlooker, neighbour]) {
      const gone = once(child, 'exit');
      child.stdin?.end('\n');
      assert.deepEqual(await gone, [0, null], 'it was left alone until now');
    }
  });
});
