import * as z from 'zod';
import type { Tally } from './tally.ts';

const count = z.number().int().nonnegative();

const nodeCounts = z.object({ passed: count, failed: count, cancelled: count, skipped: count, todo: count });

/** What count-reporter.mjs wrote; undefined when the runner died before it could. */
export function parseNodeCounts(text: string): Tally | undefined {
  const parsed = parse(nodeCounts, text);
  if (parsed === undefined) return undefined;
  const { passed, failed, cancelled, skipped, todo } = parsed;
  return { passed, failed: failed + cancelled, skipped: skipped + todo };
}

const playwrightReport = z.object({
  stats: z.object({ expected: count, unexpected: count, flaky: count, skipped: count }),
});

/** What Playwright's JSON reporter wrote. A flaky test counts as failed: it failed. */
export function parsePlaywrightCounts(text: string): Tally | undefined {
  const stats = parse(playwrightReport, text)?.stats;
  if (stats === undefined) return undefined;
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
