import { join } from 'node:path';
import type { Progress } from '../progress/progress.mjs';
import { prepareMachines } from './prepare-machines.ts';
import { runBrowserTests, runUnitTests, runVmTests } from './run-tests.ts';
import { PROJECT, runNode } from './run-tool.ts';
import { ONE_FAILED, ONE_PASSED, type Tally } from './tally.ts';

export interface Stage {
  /** What selects it: `npm test -- unit`. Several stages may share one. */
  readonly name: string;
  readonly title: string;
  run(progress: Progress): Promise<Tally>;
}

const TOOL_TIMEOUT_MS = 600_000; // 10 minutes

/** In the order in which they run: what is quick and most often wrong comes first. */
export const STAGES: readonly Stage[] = [
  tool('types', 'Types of server, labs and commands', 'typescript/bin/tsc', ['--build', ...layers()]),
  tool('types', 'Types of the site', 'astro/bin/astro.mjs', ['check']),
  tool('lint', 'Style of code', '@biomejs/biome/bin/biome', ['check', '.']),
  tool('lint', 'Style of lessons', 'prettier/bin/prettier.cjs', ['--check', 'content/**/*.mdx']),
  { name: 'unit', title: 'Unit tests', run: runUnitTests },
  { name: 'vm', title: 'Image and templates', run: prepareMachines },
  { name: 'vm', title: 'Tests on real machines', run: runVmTests },
  { name: 'browser', title: 'Browser tests', run: runBrowserTests },
];

/** Each is compiled with nothing but what it may import in reach. */
function layers(): string[] {
  return ['protocol', 'labs', 'sandbox-server', 'cli', 'tests', 'src/client'];
}

/** A program from node_modules that passes or fails as a whole. */
function tool(name: string, title: string, program: string, args: readonly string[]): Stage {
  const path = join(PROJECT, 'node_modules', program);
  return {
    name,
    title,
    run: async () => {
      const status = await runNode([path, ...args], { timeoutMs: TOOL_TIMEOUT_MS });
      return status === 0 ? ONE_PASSED : ONE_FAILED;
    },
  };
}
