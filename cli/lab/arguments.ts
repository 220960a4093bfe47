import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { Stop } from '../preflight/stop.mjs';

export const LAB_USAGE = `npm run lab -- check [<id> …]            look at the files of all labs, or of these
npm run lab -- new <id>                  write a new lab that already passes its tests
npm run lab -- test [<id> …] [--step S] [--mutant M] [--repeat N]
                                         prove labs on real machines: all of them, one step or one mutant; with
                                         --repeat, how often each promise was broken
npm run lab -- play <id> [--terminal T] [--step S]
                                         open a fresh sandbox in this terminal; Ctrl-] leaves
npm run -s lab -- exec <id> [--machine M] [--user U] [--step S] -- <command>
                                         run one command in a fresh sandbox and end with its status
npm run lab -- bake [<id> …]             make the templates of labs, and of all their steps, ahead of time`;

export function usage(what: string): Stop {
  return new Stop({ what, fix: `What there is:\n${LAB_USAGE}` });
}

/** Words and options of a verb; what it does not know is answered with what there is. */
export function parseWords<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause));
  }
}
