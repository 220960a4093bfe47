import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../../config.ts';
import { openLocalMachines } from '../../local-machines.ts';
import { resolvePaths } from '../../paths.ts';
import { describeDriverContract } from '../contract/contract.ts';
import { ALONE } from '../contract/labs.ts';
import type { ContractSubject } from '../contract/subject.ts';
import type { Machine } from '../driver.ts';
import { LOOK_INTERVAL_MS, LOOKS_STOPPED } from '../qemu/freeze-watch.ts';

const local = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
const [template] = (await local.templates.forLab(ALONE)).values();
let forks = 0;

const makeMachine: ContractSubject['makeMachine'] = (options) => {
  if (!template) throw new Error('the contract lab has no machine');
  forks += 1;
  return local.driver.fork(template, { id: `contract-${process.pid}-${forks}`, ...options });
};

it('ends a machine whose agent was killed, so that its learner is offered a fresh one', async () => {
  await using machine = await makeMachine();
  machine.run({ script: 'pkill -9 -f drydock/agent', timeoutMs: 20_000 }).catch(() => {});
  assert.equal((await machine.ended).cause, 'crashed');
});

it('has a clock that costs its programs next to nothing, however busy the host was when it booted', async () => {
  await using machine = await makeMachine();
  const script = 'cat /sys/devices/system/clocksource/clocksource0/current_clocksource';
  const { stdout } = await machine.run({ script, timeoutMs: 20_000 });
  assert.match(stdout, /^(tsc|kvm-clock)$/m);
});

/** What is promised; the watch's own figures are well below. */
const TOLD_WITHIN_MS = 3_000;

const folderOf = (machine: Machine) =>
  join(resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() }).state, 'machines', machine.id);

/** Or its parent has not asked about it yet. */
function hasEnded(pid: number): boolean {
  return !existsSync(`/proc/${pid}`) || /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** From the supervisor down: bubblewrap outside, bubblewrap as the jail's first process, QEMU. */
function processesOf(machine: Machine): number[] {
  const isOf = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`/${machine.id}/supervisor.sock`);
  const supervisor = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && existsSync(`/proc/${name}`) && isOf(name),
  );
  const chain = [Number(supervisor)];
  for (let pid: number | undefined = chain[0]; pid; ) {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    pid = child ? Number(child) : undefined;
    if (pid !== undefined) chain.push(pid);
  }
  return chain;
}

describe('a machine that is over is told of at once, and nothing of it is left', { concurrency: 1 }, () => {
  const cases = [
    ['its supervisor', 0],
    ['the jail', 1],
    ['the first process in the jail', 2],
    ['QEMU', 3],
  ] as const;
  for (const [who, index] of cases) {
    it(`when ${who} is killed`, async () => {
      await using machine = await makeMachine();
      machine.liveUntil(Date.now() + 3_600_000);
      const chain = processesOf(machine);
      assert.equal(chain.length, 4);
      const killedAt = performance.now();
      process.kill(chain[index] ?? 0, 'SIGKILL');
      assert.equal((await machine.ended).cause, 'crashed');
      assert.ok(performance.now() - killedAt < TOLD_WITHIN_MS, `${performance.now() - killedAt} ms`);
      await machine[Symbol.asyncDispose]();
      while (!chain.every(hasEnded)) await new Promise(setImmediate);
      assert.equal(existsSync(folderOf(machine)), false);
    });
  }

  it('when QEMU is frozen, and no busy machine is taken for one', async () => {
    await using machine = await makeMachine();
    await using busy = await makeMachine();
    const work = busy.run({ script: 'timeout 4 sh -c "while :; do :; done"', timeoutMs: 60_000 });
    const chain = processesOf(machine);
    const stoppedAt = performance.now();
    process.kill(chain[3] ?? 0, 'SIGSTOP');
    assert.deepEqual(await machine.ended, { cause: 'frozen', detail: 'its process is stopped' });
    const toldMs = performance.now() - stoppedAt;
    assert.ok(toldMs <= LOOKS_STOPPED * LOOK_INTERVAL_MS + 1_000, `it took ${toldMs} ms`);
    await machine[Symbol.asyncDispose]();
    while (!chain.every(hasEnded)) await new Promise(setImmediate);
    assert.equal((await work).status, 124);
  });
});

it('gives two forks different randomness and the right time, whatever the age of their template', async () => {
  await using first = await makeMachine();
  await using second = await makeMachine();
  const script = 'date +%s%3N; openssl rand -hex 16; cat /proc/sys/kernel/random/uuid';
  const answers = [];
  for (const machine of [first, second]) {
    const asked = Date.now();
    const { stdout } = await machine.run({ script, timeoutMs: 20_000 });
    const [clockMs, ...random] = stdout.trim().split('\n');
    assert.ok(Number(clockMs) > asked - 500 && Number(clockMs) < Date.now() + 500, `its clock says ${clockMs}`);
    answers.push(...random);
  }
  assert.equal(new Set(answers).size, 4);
});

it('takes no processor time while it is paused, is not taken for frozen, and then has the right time', async () => {
  await using machine = await makeMachine();
  const terminal = machine.terminals[0];
  const work = Buffer.from('while :; do :; done\r');
  terminal?.write(0, work);
  const processorMs = async () => (await machine.usage())?.processorMs ?? Number.NaN;
  const began = await processorMs();
  while ((await processorMs()) < began + 200) await delay(50);
  await machine.pause();
  const pausedAt = await processorMs();
  // What it would take to be called frozen, and much more than a clock may be behind.
  await delay(LOOKS_STOPPED * LOOK_INTERVAL_MS + 2_000);
  assert.ok((await processorMs()) <= pausedAt + 20, 'a paused guest works');
  terminal?.write(work.length, Buffer.from('a'));
  const asked = Date.now();
  const { stdout } = await machine.run({ script: 'date +%s%3N', timeoutMs: 20_000 });
  assert.ok(Number(stdout) > asked - 500 && Number(stdout) < Date.now() + 500, `its clock says ${stdout}`);
});

describeDriverContract({
  name: `QEMU (${local.accelerator})`,
  makeMachine,
  adopt: (record) => local.driver.adopt(record),
  dispose: async () => local[Symbol.asyncDispose](),
});
