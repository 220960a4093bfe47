import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { qemuVersion } from '../sandbox-server/machines/local/local-driver.ts';

import type { Sizes } from './bench/measurements.ts';
import { ROWS, type Row } from './bench/rows.ts';
import type { Figure } from './bench/statistics.ts';
import { Stop } from './preflight/stop.mjs';
import type { Progress } from './progress/progress.mjs';
import { SpareServer } from './serve/spare-server.ts';

const FULL: Sizes = {
  prompts: 20,
  keys: 400,
  floods: 5,
  commands: 10,
  starts: 5,
  bursts: 3,
  boots: 3,
  settleMs: 60_000,
};
const QUICK: Sizes = {
  prompts: 5,
  keys: 100,
  floods: 2,
  commands: 3,
  starts: 2,
  bursts: 1,
  boots: 1,
  settleMs: 10_000,
};

/**
 * `npm run bench [-- --json] [--quick] [row …]`: the performance table, on a server of its own. Standard output holds
 * the table or the JSON and nothing else.
 */
export async function run(args: readonly string[], progress: Progress): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  });
  const rows = chosenRows(positionals);
  const figures = new Map<string, Figure>();
  progress.expect(rows.length);
  await using server = await SpareServer.start({ name: 'bench' });
  for (const row of rows) figures.set(row.key, await measure(row, server, values.quick ? QUICK : FULL, progress));
  const machine = await describeMachine();
  console.log(values.json ? JSON.stringify({ machine, ...Object.fromEntries(figures) }, null, 2) : table(figures));
  return 0;
}

function chosenRows(keys: readonly string[]): readonly Row[] {
  const unknown = keys.filter((key) => !ROWS.some((row) => row.key === key));
  if (unknown.length > 0) {
    const fix = `There are: ${ROWS.map(({ key }) => key).join(', ')}.`;
    throw new Stop({ what: `There is no row "${unknown.join('", "')}".`, fix });
  }
  return keys.length === 0 ? ROWS : ROWS.filter(({ key }) => keys.includes(key));
}

function measure(row: Row, server: SpareServer, sizes: Sizes, progress: Progress): Promise<Figure> {
  return progress.step({ id: `bench ${row.key}`, title: row.title, expectedSeconds: 30 }, () => row.run(server, sizes));
}

async function describeMachine() {
  const [processor] = cpus();
  return {
    processor: processor?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    qemu: await qemuVersion(),
    node: process.versions.node,
    measuredAt: new Date().toISOString(),
  };
}

function table(figures: ReadonlyMap<string, Figure>): string {
  const lines = ROWS.flatMap(({ key, title, unit }) => {
    const figure = figures.get(key);
    return figure ? [`${title.padEnd(46)}${cell(figure.median)}${cell(figure.p95)}${cell(figure.n)}  ${unit}`] : [];
  });
  return [`${''.padEnd(46)}${cell('median')}${cell('p95')}${cell('n')}`, ...lines].join('\n');
}

const cell = (value: number | string): string => String(value).padStart(10);
