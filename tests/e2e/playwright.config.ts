import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { debianChromium } from '../../cli/test/chromium.ts';

const MINUTE_MS = 60_000;

const executablePath = debianChromium();

/** As root, as in a container, Chromium has no sandbox of its own; the others keep it from asking anybody anything. */
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** One learner after the other: the machines are real, and emulated where there is no KVM. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: join(import.meta.dirname, '../../test-results'),
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 3 * MINUTE_MS,
  expect: { timeout: MINUTE_MS },
  use: {
    actionTimeout: MINUTE_MS / 2,
    navigationTimeout: MINUTE_MS / 2,
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    locale: 'en',
    launchOptions: { args: ARGUMENTS, ...(executablePath !== undefined && { executablePath }) },
  },
});
