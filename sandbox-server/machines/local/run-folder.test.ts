import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { listMachines, OVERLAY_FILE, RunFolders } from './run-folder.ts';

const parent = mkdtempSync(join(tmpdir(), 'dd-run-'));
after(() => rmSync(parent, { recursive: true }));

/** Only root can give files away; what is tested holds for the others, too. */
const asRoot = process.getuid?.() === 0;
let folders = 0;
const stateFolder = () => join(parent, String(folders++));
const AN_HOUR_AGO = new Date(Date.now() - 3_600_000);

describe('the run folders of machines', () => {
  it('are gone when they are disposed, and twice is harmless', async () => {
    const folder = await (await RunFolders.open({ stateFolder: stateFolder(), asRoot })).make('one');
    assert.equal(existsSync(folder.inside), true);
    await folder[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    assert.equal(existsSync(folder.path), false);
  });

  it('are swept when nobody looks after their machine any more, unless they are very young', async () => {
    const state = stateFolder();
    const run = await RunFolders.open({ stateFolder: state, asRoot });
    const [young, old, lived] = await Promise.all(['young', 'old', 'lived'].map((id) => run.make(id)));
    const supervisor = createServer().listen(lived!.supervisorSocket);
    for (const folder of [old, lived]) utimesSync(folder!.path, AN_HOUR_AGO, AN_HOUR_AGO);
    assert.deepEqual((await listMachines(state)).map(({ id, isOver }) => [id, isOver]).toSorted(), [
      ['lived', false],
      ['old', true],
      ['young', false],
    ]);
    await RunFolders.open({ stateFolder: state, asRoot });
    assert.deepEqual(
      [young, old, lived].map((folder) => existsSync(folder!.path)),
      [true, false, true],
    );
    supervisor.close();
  });

  it('are refused where a socket would have too long a name', async () => {
    const run = await RunFolders.open({ stateFolder: stateFolder(), asRoot });
    await assert.rejects(run.make('x'.repeat(90)), /is too long for a socket\. Set XDG_STATE_HOME/);
  });

  it('are sealed only over sockets and a disk: a link could lead anywhere', async () => {
    const run = await RunFolders.open({ stateFolder: stateFolder(), asRoot });
    const [good, bad] = await Promise.all(['good', 'bad'].map((id) => run.make(id)));
    writeFileSync(join(good!.inside, OVERLAY_FILE), '');
    const socket = createServer().listen(join(good!.inside, 'control.sock'));
    await good!.seal();
    mkdirSync(join(bad!.path, 'elsewhere'));
    symlinkSync(join(bad!.path, 'elsewhere'), join(bad!.inside, 'control.sock'));
    await assert.rejects(bad!.seal(), /control\.sock is not what a machine that has just started puts there/);
    socket.close();
  });
});
