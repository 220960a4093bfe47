// The server half of `npm run dev`, started again by `node --watch` whenever a file of it or of a lab changes.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { resolvePaths } from '../../sandbox-server/paths.ts';
import { openHistory } from '../progress/history.mjs';
import { Progress, viewFor } from '../progress/progress.mjs';
import { readyLine } from '../serve/ready-line.ts';
import { serveLabs } from '../serve/serve-labs.ts';

const { cache } = resolvePaths(process.env, { uid: process.getuid?.() ?? -1, home: homedir() });
const progress = new Progress({
  view: viewFor(process.stderr),
  history: openHistory(join(cache, 'durations.json')),
});

try {
  // The address to open is the site's; this one is behind it.
  const onReady = (readiness: Parameters<typeof readyLine>[0]) =>
    console.log(readyLine({ ...readiness, origin: process.env.DRYDOCK_SITE ?? readiness.origin }));
  process.exitCode = await serveLabs({ progress, onReady });
} catch (cause) {
  // A lab in the middle of being edited is no reason to end: the next change starts this again.
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
}
