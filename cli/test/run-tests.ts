import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playwrightEnvironment } from './chromium.ts';
import { parseNodeCounts, parsePlaywrightCounts } from './counts.ts';
import { PROJECT, runNode } from './run-tool.ts';
import { judge, type Tally } from './tally.ts';

/** Files of real-VM tests end in this; everything else that ends in `.test.ts` needs no machine. */
const VM_SUFFIX = '.vm.test.ts';

const FOLDERS = '{protocol,labs,sandbox-server,cli,src,tests}';

/** Everything that `node --test` runs, without the browser tests, which have a runner of their own. */
function testFiles(): string[] {
  const files = globSync(`${FOLDERS}/**/*.test.ts`, { cwd: PROJECT, exclude: ['**/node_modules', 'tests/e2e'] });
  return files.sort();
}

const MINUTE_MS = 60_000;

/** A test that hangs has failed; it must not keep the others' results back. */
const UNIT_TIMEOUT_MS = 2 * MINUTE_MS;
/** A lab waits for its turn among all of them. */
const VM_TIMEOUT_MS = 40 * MINUTE_MS;
/** On a quiet machine they take 2, 20 and 5 minutes; a shared one was three times slower, and no less right. */
const UNIT_STAGE_TIMEOUT_MS = 15 * MINUTE_MS;
const VM_STAGE_TIMEOUT_MS = 70 * MINUTE_MS;
const BROWSER_STAGE_TIMEOUT_MS = 30 * MINUTE_MS;

export function runUnitTests(): Promise<Tally> {
  return runNodeTests(
    testFiles().filter((file) => !file.endsWith(VM_SUFFIX)),
    { testTimeoutMs: UNIT_TIMEOUT_MS, stageTimeoutMs: UNIT_STAGE_TIMEOUT_MS },
  );
}

/** One file at a time: each has the machine to itself. */
export function runVmTests(): Promise<Tally> {
  return runNodeTests(
    testFiles().filter((file) => file.endsWith(VM_SUFFIX)),
    { testTimeoutMs: VM_TIMEOUT_MS, stageTimeoutMs: VM_STAGE_TIMEOUT_MS },
    ['--test-concurrency=1'],
  );
}

async function runNodeTests(
  files: readonly string[],
  { testTimeoutMs, stageTimeoutMs }: { testTimeoutMs: number; stageTimeoutMs: number },
  options: readonly string[] = [],
): Promise<Tally> {
  if (files.length === 0) return judge(undefined, 0);
  return withReportFile(async (report) => {
    const reporters = [
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...[
        `--test-reporter=${join(import.meta.dirname, 'count-reporter.mjs')}`,
        `--test-reporter-destination=${report}`,
      ],
    ];
    const status = await runNode(['--test', `--test-timeout=${testTimeoutMs}`, ...options, ...reporters, ...files], {
      timeoutMs: stageTimeoutMs,
    });
    return judge(parseNodeCounts(await readReport(report)), status);
  });
}

export function runBrowserTests(): Promise<Tally> {
  return withReportFile(async (report) => {
    const cli = join(PROJECT, 'node_modules/@playwright/test/cli.js');
    const status = await runNode([cli, 'test', '--config=tests/e2e', '--reporter=list,json'], {
      env: { ...playwrightEnvironment(), PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      timeoutMs: BROWSER_STAGE_TIMEOUT_MS,
    });
    return judge(parsePlaywrightCounts(await readReport(report)), status);
  });
}

async function withReportFile(use: (file: string) => Promise<Tally>): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-test-'));
  try {
    return await use(join(folder, 'report.json'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readReport(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
