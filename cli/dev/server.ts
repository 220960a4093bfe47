// The server half of `npm run dev`. `node --watch` starts it again when its own code changes; labs it reads itself.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import { openHistory } from '../progress/history.mjs';
import { Progress, viewFor } from '../progress/progress.mjs';
import { serveAuthor } from './serve-author.ts';

const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
const progress = new Progress({
  view: viewFor(process.stderr),
  history: openHistory(join(cache, 'durations.json')),
});
try {
  process.exitCode = await serveAuthor({ progress, site: process.env.DRYDOCK_SITE ?? '' });
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
}
