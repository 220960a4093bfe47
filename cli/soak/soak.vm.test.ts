import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SpareServer } from '../serve/spare-server.ts';
import { judgeGrowth } from './growth.ts';
import { SOAK_SETTINGS, soak } from './soak.ts';

const SAMPLES = 8;

describe('a server with real machines, some of which are killed', () => {
  it('holds no more descriptors, files and processes the more sandboxes came and went', async () => {
    await using server = await SpareServer.start({ name: 'soak-test', env: SOAK_SETTINGS });
    const samples = await soak({
      ...{ server, lab: 'docker-group', terminal: 'alice', learners: 2, visitsPerSample: 4 },
      isOver: (taken) => taken.length >= SAMPLES,
    });
    // Too few for memory, whose noise would outweigh what they leave.
    const counted = judgeGrowth(samples).filter(({ what }) => what !== 'memoryBytes');
    assert.deepEqual(
      counted.filter(({ grows }) => grows),
      [],
      JSON.stringify(samples),
    );
  });
});
