import { setTimeout as delay } from 'node:timers/promises';
import { SpareServer } from '../serve/spare-server.ts';
import { Learner, type LearnerOptions } from './learner.ts';
import type { Sizes } from './measurements.ts';
import { type Figure, figure } from './statistics.ts';

const LOOK_MS = 100;

/** On a server whose pool has one ready, as it is when learners come one after the other. */
export async function warmPrompt(subject: Omit<LearnerOptions, 'origin'>, { prompts }: Sizes): Promise<Figure> {
  await using server = await SpareServer.start({ name: 'bench-pool', env: { POOL_MAX: '1' } });
  const samples: number[] = [];
  const { learner: first } = await Learner.click({ origin: server.origin, ...subject });
  await first[Symbol.asyncDispose]();
  for (let sample = 0; sample < prompts; sample += 1) {
    while ((await server.figure('drydock_pool_ready')) === 0) await delay(LOOK_MS);
    const { learner, promptMs } = await Learner.click({ origin: server.origin, ...subject });
    await learner[Symbol.asyncDispose]();
    samples.push(promptMs);
  }
  return figure(samples);
}
