import { INTERRUPTED_STATUS, Interruption } from '../sandbox-server/interruption.ts';
import { LAB_USAGE, usage } from './lab/arguments.ts';
import { bake } from './lab/bake.ts';
import { check } from './lab/check.ts';
import { exec } from './lab/exec.ts';
import { makeLab } from './lab/new.ts';
import type { Surroundings } from './lab/open-engine.ts';
import { play } from './lab/play.ts';
import { test } from './lab/test.ts';
import type { Progress } from './progress/progress.mjs';

type Verb = (args: readonly string[], surroundings: Surroundings) => Promise<number>;

const VERBS: Readonly<Record<string, Verb>> = {
  check: (args) => check(args),
  new: async (args) => makeLab(args),
  test,
  play,
  exec,
  bake,
};

/** `npm run lab -- <verb> …`. Ctrl-C ends the machines that a verb has started before it ends the process. */
export async function run(args: readonly string[], progress: Progress): Promise<number> {
  const [name = '', ...rest] = args;
  // What stands behind -- is a command for a machine.
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (own.includes('--help')) {
    console.log(LAB_USAGE);
    return 0;
  }
  const verb = VERBS[name];
  if (verb === undefined) throw usage(name === '' ? 'lab needs to be told what to do.' : `lab cannot "${name}".`);
  using interruption = new Interruption();
  const { signal } = interruption;
  try {
    return await verb(rest, { progress, signal });
  } catch (cause) {
    if (signal.aborted) return INTERRUPTED_STATUS;
    throw cause;
  }
}
