import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { claimState } from '../sandbox-server/attempts/state-claim.ts';
import { RunFolders } from '../sandbox-server/machines/local/run-folder.ts';
import { supervise } from '../sandbox-server/machines/local/supervisor.ts';
import { clean, endLeftMachines } from './clean.ts';

function filledCache() {
  const cache = mkdtempSync(join(tmpdir(), 'drydock-'));
  for (const folder of ['images/a', 'templates/b', 'tools/node']) {
    mkdirSync(join(cache, folder), { recursive: true });
    writeFileSync(join(cache, folder, 'file'), Buffer.alloc(64 * 1024, 1));
  }
  return cache;
}

test('clean removes images and templates, says how much that was, and keeps the tools', async () => {
  const cache = filledCache();
  const freed = await clean(cache, { all: false });
  assert.ok(freed >= 2 * 64 * 1024);
  assert.deepEqual([existsSync(join(cache, 'images')), existsSync(join(cache, 'tools'))], [false, true]);
});

test('clean --all removes the tools as well', async () => {
  const cache = filledCache();
  await clean(cache, { all: true });
  assert.equal(existsSync(join(cache, 'tools')), false);
});

test('there may be nothing to clean', async () => {
  assert.equal(await clean('/nonexistent/drydock', { all: true }), 0);
});

test('clean --machines ends what servers left, and nothing while a server has it', async (t) => {
  const state = mkdtempSync(join(tmpdir(), 'drydock-'));
  const said = t.mock.method(console, 'log', () => {});
  const folder = await (await RunFolders.open({ stateFolder: state, asRoot: false })).make('left');
  const { supervisor } = supervise({
    ...{ command: ['sleep', '1000'], socket: folder.supervisorSocket, writable: [folder.inside] },
    ...{ ownUser: false, inherited: 0 },
  });
  t.after(() => supervisor.kill());
  await supervisor.machinePid;
  {
    await using _server = await claimState(state);
    await assert.rejects(endLeftMachines(state), /^Stop: A server has the machines of /);
    assert.equal(existsSync(folder.path), true);
  }
  await endLeftMachines(state);
  await endLeftMachines(state);
  assert.equal(await supervisor.ended, 'it was told to end. ');
  const lines = said.mock.calls.map((call) => call.arguments[0]);
  assert.deepEqual(lines, [`Ended 1 machine of ${state}.`, `Ended 0 machines of ${state}.`]);
});
