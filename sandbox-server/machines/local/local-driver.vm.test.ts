import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Lab } from '../../../labs/format/lab.ts';
import { readConfig } from '../../config.ts';
import { openLocalMachines } from '../../local-machines.ts';
import { type ContractSubject, describeDriverContract } from '../contract.ts';

const text = { 'zh-cn': '', en: '' };
const lab: Lab = {
  id: 'contract',
  image: 'debian-docker',
  title: text,
  kit: '',
  steps: [],
  machines: [
    {
      role: 'host',
      hostname: 'dock',
      setup: 'useradd --create-home --shell /bin/bash alice',
      terminals: [{ id: 'alice', user: 'alice' }],
      secrets: [],
    },
  ],
};

const local = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
const [template] = (await local.templates.forLab(lab)).values();
let forks = 0;

const makeMachine: ContractSubject['makeMachine'] = (options) => {
  if (!template) throw new Error('the contract lab has no machine');
  forks += 1;
  return local.driver.fork(template, { id: `contract-${forks}`, ...options });
};

it('ends a machine whose agent was killed, so that its learner is offered a fresh one', async () => {
  await using machine = await makeMachine();
  machine.run({ script: 'pkill -9 -f drydock/agent', timeoutMs: 20_000 }).catch(() => {});
  assert.equal((await machine.ended).cause, 'crashed');
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

describeDriverContract({
  name: `QEMU (${local.accelerator})`,
  makeMachine,
  adopt: (record) => local.driver.adopt(record),
  dispose: async () => local[Symbol.asyncDispose](),
});
