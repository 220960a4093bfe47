import { join } from 'node:path';
import { readConfig } from '../sandbox-server/config.ts';
import type { Progress } from './progress/progress.mjs';
import { requireFreePort } from './serve/free-port.ts';
import { readyLine } from './serve/ready-line.ts';
import { serveLabs } from './serve/serve-labs.ts';
import { buildSite } from './site/build-site.ts';

const PROJECT = join(import.meta.dirname, '..');

/** What `npm start` does once everything is installed: site, image, templates, server. */
export async function run(_args: readonly string[], progress: Progress): Promise<number> {
  await requireFreePort(readConfig(process.env));
  return serveLabs({
    progress,
    // At a terminal somebody reads; what goes right is for files and journals.
    env: { LOG_LEVEL: process.stdout.isTTY ? 'warn' : 'info', ...process.env },
    before: () =>
      progress.step({ id: 'site', title: 'Building the site', expectedSeconds: 15 }, (report) =>
        buildSite({ project: PROJECT, report }),
      ),
    onReady: (readiness) => console.log(readyLine(readiness)),
  });
}
