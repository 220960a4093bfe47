import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.mjs';
import { runCommand } from '../command.mjs';
import { explainFailure } from '../explain-failure.mjs';

/**
 * Where there is no chromium package that can be driven (Ubuntu's is a snap), Playwright's own browser serves. It
 * installs the libraries it needs with sudo by itself. Not tried on Ubuntu yet.
 */
const FOLDER = 'playwright';

/** @param {import('../platform.mjs').Platform} platform */
export function needsPlaywrightBrowser(platform) {
  return platform.family !== 'debian';
}

export function isPlaywrightBrowserInstalled() {
  const folder = browsersFolder();
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('chromium'));
}

/** What PLAYWRIGHT_BROWSERS_PATH has to be for the tests to find it. */
export function browsersFolder() {
  return join(cacheFolder(), 'tools', FOLDER);
}

/** @param {string} project @param {(detail: string) => void} report */
export async function installPlaywrightBrowser(project, report) {
  const { status, output } = await runCommand(
    [process.execPath, join(project, 'node_modules/playwright/cli.js'), 'install', '--with-deps', 'chromium'],
    { env: { PLAYWRIGHT_BROWSERS_PATH: browsersFolder() }, onLine: report },
  );
  if (status !== 0) throw explainFailure("Playwright's browser could not be installed", output);
}
