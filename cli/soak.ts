import { parseArgs } from 'node:util';
import { Stop } from './preflight/stop.mjs';
import type { Progress } from './progress/progress.mjs';
import { SpareServer } from './serve/spare-server.ts';
import { type Growth, judgeGrowth, type Sample } from './soak/growth.ts';
import { SOAK_SETTINGS, soak } from './soak/soak.ts';

const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 30;
const LEAST_SAMPLES = 9;

/**
 * `npm run soak [-- --minutes N] [--json]`: opens, types into, reloads, resets, kills and closes sandboxes on a server
 * of its own, and fails when memory, descriptors, files or processes grow with their number. `DRIVER=fake` does
 * without machines.
 */
export async function run(args: readonly string[], progress: Progress): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: String(DEFAULT_MINUTES) },
      json: { type: 'boolean', default: false },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Stop({ what: `--minutes is "${values.minutes}".`, fix: 'Write a number above 0.' });
  await using server = await SpareServer.start({ name: 'soak', env: SOAK_SETTINGS });
  const until = performance.now() + minutes * MINUTE_MS;
  const samples = await progress.step({ id: 'soak', title: 'Soak', expectedSeconds: minutes * 60 }, () =>
    soak({
      ...{ server, lab: 'docker-group', terminal: 'alice', learners: 4, visitsPerSample: 12 },
      isOver: (taken) => taken.length >= LEAST_SAMPLES && performance.now() >= until,
      onSample: (sample) => console.error(describe(sample)),
    }),
  );
  const growth = judgeGrowth(samples);
  console.log(values.json ? JSON.stringify({ samples, growth }, null, 2) : growth.map(line).join('\n'));
  return growth.some(({ grows }) => grows) ? 1 : 0;
}

function describe({ sandboxes, memoryBytes, descriptors, files, processes }: Sample): string {
  const memory = (memoryBytes / 1e6).toFixed(1);
  return `${sandboxes} sandboxes: ${memory} MB, ${descriptors} descriptors, ${files} files, ${processes} processes`;
}

function line({ what, perSandbox, allowed, grows }: Growth): string {
  return `${grows ? 'GROWS ' : 'steady'} ${what.padEnd(12)} ${perSandbox.toFixed(3)} per sandbox; allowed is ${allowed}`;
}
