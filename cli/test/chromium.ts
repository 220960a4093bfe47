import { requirePlatform } from '../preflight/platform.mjs';
import { browsersFolder, needsPlaywrightBrowser } from '../preflight/system/playwright-browser.mjs';

/** The Chromium that browser tests drive: Debian's package, or undefined where Playwright's own takes its place. */
export function debianChromium(): string | undefined {
  return needsPlaywrightBrowser(requirePlatform()) ? undefined : '/usr/bin/chromium';
}

/** Where Playwright looks for its own. */
export function playwrightEnvironment(): NodeJS.ProcessEnv {
  return { PLAYWRIGHT_BROWSERS_PATH: browsersFolder() };
}
