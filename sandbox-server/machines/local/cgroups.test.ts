import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ACCELERATORS } from '../qemu/accelerators.ts';
import { machineLimits } from '../qemu/limits.ts';
import { type CgroupFiles, Cgroups } from './cgroups.ts';

const limits = machineLimits({ accelerator: ACCELERATORS.tcg, memoryMib: 768, maxFileBytes: 0 });
const UNIT = '/system.slice/drydock.service';

/** Files like those of cgroup v2. They keep what is written; nothing enforces it. */
async function fakeCgroups({ self = `${UNIT}/server`, controllers = 'cpuset cpu io memory pids' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-'));
  const files: CgroupFiles = { mount: join(folder, 'cgroup'), self: join(folder, 'self') };
  const unit = join(files.mount, UNIT);
  await mkdir(join(unit, 'server'), { recursive: true });
  await writeFile(join(unit, 'cgroup.controllers'), `${controllers}\n`);
  await writeFile(join(unit, 'cgroup.subtree_control'), '');
  await writeFile(files.self, `1:name=systemd:/x\n0::${self}\n`);
  return { files, unit, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

describe('control groups, in files that stand for them,', () => {
  it('bound memory, processor and processes of each machine below the unit', async () => {
    await using fake = await fakeCgroups();
    const cgroups = await Cgroups.open(fake.files);
    const group = await cgroups?.make('m-1', limits);
    assert.equal(group, join(fake.unit, 'machines/m-1'));
    const value = (name: string) => readFile(join(fake.unit, name), 'utf8');
    assert.equal(await value('cgroup.subtree_control'), '+cpu +memory +pids');
    assert.equal(await value('machines/cgroup.subtree_control'), '+cpu +memory +pids');
    assert.equal(await value('machines/m-1/memory.max'), '2147483648');
    assert.equal(await value('machines/m-1/memory.high'), '1879048192');
    assert.equal(await value('machines/m-1/pids.max'), '132');
    assert.equal(await value('machines/m-1/cpu.weight'), '10');
  });

  it('are entered before the command runs, which does not run outside', async () => {
    await using fake = await fakeCgroups();
    const group = (await (await Cgroups.open(fake.files))?.make('m-1', limits)) ?? '';
    const prepare = join(import.meta.dirname, 'prepare.pl');
    // A session of its own, as the launcher gives it: its niceness would be this one's.
    const run = (folder: string) =>
      spawnSync('setsid', ['--wait', 'perl', prepare, '2', '10', folder, 'sh', '-c', 'echo $$'], { encoding: 'utf8' });
    assert.equal(`${await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '')}`, '');
    const { stdout } = run(group);
    assert.equal(await readFile(join(group, 'cgroup.procs'), 'utf8'), stdout.trim());
    assert.equal(run(join(group, 'nowhere')).stdout, '');
  });

  it('are left alone where systemd has handed over none, or without a controller that is needed', async () => {
    for (const changes of [{ self: '/user.slice/session-1.scope' }, { self: '/' }, { controllers: 'memory pids' }]) {
      await using fake = await fakeCgroups(changes);
      assert.equal(await Cgroups.open(fake.files), null);
      assert.equal(existsSync(join(fake.unit, 'machines')), false);
    }
    assert.equal(await Cgroups.open({ mount: '/nowhere', self: '/nowhere/at/all' }), null);
  });

  it('of machines that are over are removed when the next server starts', async () => {
    await using fake = await fakeCgroups();
    await mkdir(join(fake.unit, 'machines/over'), { recursive: true });
    await mkdir(join(fake.unit, 'machines/runs/held-by-the-kernel'), { recursive: true });
    await Cgroups.open(fake.files);
    assert.equal(existsSync(join(fake.unit, 'machines/over')), false);
    assert.equal(existsSync(join(fake.unit, 'machines/runs')), true);
  });
});
