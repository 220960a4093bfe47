import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { SpareServer } from '../../cli/serve/spare-server.ts';
import { buildSite } from '../../cli/site/build-site.ts';
import { LessonPage } from './lesson-page.ts';
import { Wire } from './wire.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Only where nothing is cached yet are image and templates built first. */
const SERVER_START_TIMEOUT_MS = 15 * 60_000;

interface Site {
  readonly server: SpareServer;
  /** The same site at another address, over a network that tests can disturb. */
  readonly wire: Wire;
}

/** Every test gets the real site with real machines, as a learner whom nobody knows yet. */
export const test = base.extend<{ lesson: LessonPage }, { site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's names
    async ({}, use) => {
      await buildSite({ project: PROJECT, report: () => {} });
      await using wire = await Wire.open();
      const env = { PUBLIC_ORIGINS: wire.origin, IDLE_MINUTES: '1' };
      await using server = await SpareServer.start({ name: 'e2e', env });
      wire.leadTo(server.origin);
      await use({ server, wire });
    },
    { scope: 'worker', timeout: SERVER_START_TIMEOUT_MS },
  ],
  // Tests that ask for no more than a page can be tried on a site that runs already: a deployment, an engine elsewhere.
  baseURL: process.env.SITE_ORIGIN ?? (({ site }, use) => use(site.server.origin)),
  lesson: ({ page }, use) => use(new LessonPage(page)),
});

export { expect } from '@playwright/test';
