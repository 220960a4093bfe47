import type { Lab } from '../../../labs/format/lab.ts';

const common = { image: 'debian-docker', title: { 'zh-cn': '', en: '' }, kit: '', questions: [], steps: [] } as const;
const root = { setup: ':', terminals: [{ id: 'root', user: 'root' }], secrets: [] } as const;

/** One machine with one terminal, for tests of drivers: the same for all of them, so that it is made once. */
export const ALONE: Lab = {
  ...common,
  id: 'contract',
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

/** Two machines with a cable between them. */
export const PAIR: Lab = {
  ...common,
  id: 'cable',
  machines: [
    { ...root, role: 'near', hostname: 'near', address: '10.9.0.1' },
    { ...root, role: 'far', hostname: 'far', address: '10.9.0.2' },
  ],
};
