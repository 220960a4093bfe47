import type { Lab } from '../../../labs/format/lab.ts';
import { openLocalMachines } from '../../local-machines.ts';
import { describeDriverContract } from '../contract.ts';

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

const local = await openLocalMachines({
  env: process.env,
  memoryMib: 768,
  accelerator: 'auto',
  onPrepare: () => ({ report: () => {}, end: () => {} }),
});
const [template] = (await local.templates.forLab(lab)).values();
let forks = 0;

describeDriverContract({
  name: `QEMU (${local.accelerator})`,
  makeMachine: (options) => {
    if (!template) throw new Error('the contract lab has no machine');
    forks += 1;
    return local.driver.fork(template, { id: `contract-${forks}`, ...options });
  },
  dispose: async () => local[Symbol.asyncDispose](),
});
