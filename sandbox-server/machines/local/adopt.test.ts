import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { QMP_SOCKET } from '../qemu/qemu-arguments.ts';
import { adopt } from './adopt.ts';
import type { LocalContext } from './local-context.ts';
import { RunFolders } from './run-folder.ts';
import { supervise } from './supervisor.ts';

const stateFolder = mkdtempSync(join(tmpdir(), 'dd-adopt-'));
after(() => rmSync(stateFolder, { recursive: true }));

describe('a machine to be taken over', () => {
  it('that ends before its QEMU has said a word is given up at once', async () => {
    const runFolders = await RunFolders.open({ stateFolder, asRoot: false });
    const folder = await runFolders.make('mute');
    await using monitor = createServer();
    const connected = once(monitor, 'connection');
    await once(monitor.listen(join(folder.inside, QMP_SOCKET)), 'listening');
    const command = ['sleep', '1000'];
    const maker = supervise({
      ...{ command, socket: folder.supervisorSocket, writable: [folder.inside], ownUser: false, inherited: 0 },
    });
    await maker.supervisor.machinePid;
    const context = { runFolders, cgroups: null } as unknown as LocalContext;
    const adoption = assert.rejects(
      adopt(context, { driver: 'local', id: 'mute', terminals: [] } as unknown as Parameters<typeof adopt>[1]),
      { name: 'QemuError', message: /^QEMU ended before it was taken over: it was told to end/ },
    );
    const [socket] = await connected;
    await maker.supervisor.kill();
    await adoption;
    socket.destroy();
  });
});
