import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Lab } from '../../../labs/format/lab.ts';
import { readConfig } from '../../../sandbox-server/config.ts';
import { MAX_OVERLAY_BYTES, openLocalMachines } from '../../../sandbox-server/local-machines.ts';
import { ACCELERATORS } from '../../../sandbox-server/machines/qemu/accelerators.ts';
import { machineLimits } from '../../../sandbox-server/machines/qemu/limits.ts';
import { readDescription } from '../../../sandbox-server/machines/qemu/template-files.ts';
import { judgeBounds } from './judge.ts';
import { findForeignSockets, readBounds } from './machine-process.ts';
import { parseReach, tryMachine } from './try-machine.ts';

const text = { 'zh-cn': '', en: '' };
/** The same as the driver's own test has, so that they share its template. */
const lab: Lab = {
  ...{ id: 'contract', image: 'debian-docker', title: text, kit: '', steps: [], questions: [] },
  machines: [
    {
      ...{ role: 'host', hostname: 'dock', setup: 'useradd --create-home --shell /bin/bash alice' },
      ...{ terminals: [{ id: 'alice', user: 'alice' }], secrets: [] },
    },
  ],
};

const asRoot = process.getuid?.() === 0;
const config = readConfig({});
const local = await openLocalMachines({ env: process.env, config });
after(() => local[Symbol.asyncDispose]());
const [template] = (await local.templates.forLab(lab)).values();
if (!template) throw new Error('the lab has no machine');
const { disks, imageFolder } = await readDescription(template.folder);

/** Everything that a fork is made of, down to the lowest disk, and the kernel. */
const templateFiles = [
  ...(await readdir(template.folder)).map((name) => join(template.folder, name)),
  ...disks.map(({ folder, file }) => join(folder, file)),
  join(imageFolder, 'vmlinuz'),
];
const trial = await tryMachine({ driver: local.driver, template, templateFiles: [...new Set(templateFiles)] });

describe('a machine whose root is hostile', () => {
  it('leaves every file of its template as it was, byte by byte, while it writes over its memory and its disk', () => {
    assert.equal(trial.wroteOverDisk, true);
    assert.ok(templateFiles.length >= 6);
    assert.deepEqual(trial.changed, []);
  });

  it('reaches neither metadata service, gateway, this computer nor another sandbox', () => {
    assert.ok(trial.reached.length >= 4, 'metadata and this computer, by two ways each');
    assert.ok(trial.reached.some(({ target }) => target === '169.254.169.254:80'));
    for (const { way, target, outcome } of trial.reached) {
      assert.match(outcome, /^E(NET|HOST)UNREACH$/, `${target} by ${way}`);
    }
  });

  it('has a process that holds no socket but local ones', () => assert.deepEqual(trial.foreignSockets, []));

  it('has every bound in force while it runs', () => {
    const accelerator = ACCELERATORS[local.accelerator];
    const size = { accelerator, memoryMib: config.machineMemoryMib, maxFileBytes: MAX_OVERLAY_BYTES };
    const findings = judgeBounds(trial.bounds, { asRoot, limits: machineLimits(size) });
    assert.equal(findings.length, 12);
    assert.deepEqual(
      findings.filter(({ level }) => level !== 'good'),
      [],
    );
  });
});

describe('what was looked with', () => {
  it('sees a socket that is not local, and that this process has no bounds', async () => {
    await using server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    assert.match(findForeignSockets(process.pid).join(), /tcp socket \d+/);
    const accelerator = ACCELERATORS.tcg;
    const limits = machineLimits({ accelerator, memoryMib: 768, maxFileBytes: 0 });
    const held = judgeBounds(readBounds(process.pid), { asRoot, limits }).filter(({ level }) => level === 'good');
    assert.ok(held.length <= 3, held.map(({ subject }) => subject).join());
  });

  it('reaches from this computer what machines did not', async () => {
    await using server = createServer((socket) => socket.end('drydock-was-reached'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const reach = join(import.meta.dirname, 'reach.pl');
    const { stdout } = await promisify(execFile)('perl', [reach, `127.0.0.1:${port}`]);
    assert.equal(parseReach(stdout)[0]?.outcome, 'connected drydock-was-reached');
  });
});
