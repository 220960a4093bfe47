import { setTimeout as delay } from 'node:timers/promises';
import { DrydockError } from '../../errors.ts';
import type { Driver } from '../driver.ts';

const PULSE_MS = 5_000;

/**
 * What is asked of an engine and may take minutes, as long as the engine answers meanwhile: one that hangs never fails by
 * itself. Rejects with `engine-unreachable` once it does not; the work is left to itself.
 */
export async function whileItAnswers<T>(
  driver: Pick<Driver, 'problem'>,
  work: Promise<T>,
  pulseMs = PULSE_MS,
): Promise<T> {
  const over = new AbortController();
  const silence = watch(driver, pulseMs, over.signal);
  silence.catch(() => {});
  work.catch(() => {});
  try {
    return await Promise.race([work, silence]);
  } finally {
    over.abort();
  }
}

async function watch(driver: Pick<Driver, 'problem'>, pulseMs: number, signal: AbortSignal): Promise<never> {
  for (;;) {
    await delay(pulseMs, undefined, { signal });
    const trouble = await driver.problem();
    if (trouble !== undefined) throw new DrydockError('engine-unreachable', trouble);
  }
}
