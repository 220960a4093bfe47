import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SpareServer } from '../serve/spare-server.ts';
import { judgeGrowth } from './growth.ts';
import { SOAK_SETTINGS, soak } from './soak.ts';

const SANDBOXES = 200;

describe('a server with pretended machines', () => {
  it(`holds no more after ${SANDBOXES} sandboxes that came and went than it did early on`, async () => {
    await using server = await SpareServer.start({ name: 'soak-test', env: { ...SOAK_SETTINGS, DRIVER: 'fake' } });
    const samples = await soak({
      ...{ server, lab: 'docker-group', terminal: 'alice', learners: 6, visitsPerSample: 12 },
      isOver: (taken) => (taken.at(-1)?.sandboxes ?? 0) >= SANDBOXES,
    });
    const grown = judgeGrowth(samples).filter(({ grows }) => grows);
    assert.deepEqual(grown, [], JSON.stringify(samples));
  });
});
