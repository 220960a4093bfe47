import { usage } from './lab/arguments.ts';
import { bake } from './lab/bake.ts';
import { check } from './lab/check.ts';
import { exec } from './lab/exec.ts';
import { makeLab } from './lab/new.ts';
import { play } from './lab/play.ts';
import { test } from './lab/test.ts';

type Verb = (args: readonly string[], signal: AbortSignal) => Promise<number>;

const VERBS: Readonly<Record<string, Verb>> = {
  check: (args) => check(args),
  new: async (args) => makeLab(args),
  test,
  play,
  exec,
  bake,
};

/** `npm run lab -- <verb> …`. Ctrl-C ends the machines that a verb has started before it ends the process. */
export async function run(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const verb = VERBS[name];
  if (verb === undefined) throw usage(name === '' ? 'lab needs to be told what to do.' : `lab cannot "${name}".`);
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await verb(rest, stop.signal);
  } catch (cause) {
    if (stop.signal.aborted) return 130;
    throw cause;
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}
