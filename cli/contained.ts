import { join } from 'node:path';
import { cacheFolder } from './preflight/cache-folder.mjs';
import { registerCacheUser } from './preflight/cache-users.mjs';
import { Stop } from './preflight/stop.mjs';
import { withUsableNode } from './preflight/usable-node.mjs';
import { openHistory } from './progress/history.mjs';
import { Progress, viewFor } from './progress/progress.mjs';

/**
 * What runs in Drydock's own container: `node cli/contained.ts start`, or `gate`. Everything is in its image and
 * nothing can be installed there, so nothing is looked for.
 */
withUsableNode(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name === 'gate') return (await import('./gate.ts')).run(args);
  if (name === 'start') return start(args);
  throw new Stop({ what: `There is no command "${name}" here.`, fix: 'There are start and gate.' });
});

async function start(args: readonly string[]): Promise<number> {
  const cache = cacheFolder();
  const progress = new Progress({
    view: viewFor(process.stderr),
    history: openHistory(join(cache, 'durations.json')),
  });
  progress.expect(1);
  process.on('exit', registerCacheUser(cache, 'start'));
  const { run } = await import('./serve.ts');
  return run(args, progress);
}
