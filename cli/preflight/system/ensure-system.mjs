import { installLacking } from './install-lacking.mjs';
import {
  installPlaywrightBrowser,
  isPlaywrightBrowserInstalled,
  needsPlaywrightBrowser,
} from './playwright-browser.mjs';
import { BUILDING, findLacking, SERVING, testing } from './requirements.mjs';
import { requireUserNamespaces } from './user-namespaces.mjs';

/**
 * @typedef {object} SystemPlan
 * @property {import('../commands.mjs').SystemNeed} need
 * @property {import('./install-lacking.mjs').Lack[]} lacking
 * @property {boolean} browser whether Playwright's own browser has to be installed
 * @property {number} steps of progress it will take
 */

/**
 * @param {SystemPlan['need']} need
 * @param {import('../platform.mjs').Platform} platform
 * @returns {Promise<SystemPlan>}
 */
export async function planSystem(need, platform) {
  if (need === 'nothing') return { need, lacking: [], browser: false, steps: 0 };
  const needed = { building: BUILDING, serving: SERVING, testing: [...SERVING, ...testing(platform)] }[need];
  const lacking = await findLacking(needed);
  const browser = need === 'testing' && needsPlaywrightBrowser(platform) && !isPlaywrightBrowserInstalled();
  return { need, lacking, browser, steps: (lacking.length > 0 ? 1 : 0) + (browser ? 1 : 0) };
}

/**
 * @param {SystemPlan} plan
 * @param {import('../platform.mjs').Platform} platform
 * @param {object} context
 * @param {string} context.project
 * @param {import('../../progress/progress.mjs').Progress} context.progress
 * @param {(text: string) => void} context.say
 */
export async function ensureSystem({ need, lacking, browser }, platform, { project, progress, say }) {
  if (lacking.length > 0) await installLacking(lacking, platform, { progress, say });
  if (browser) {
    const step = { id: 'browser', title: "Installing Playwright's browser", expectedSeconds: 60 };
    await progress.step(step, (report) => installPlaywrightBrowser(project, report));
  }
  // Where machines run on a Docker Engine, no jail of ours is around them.
  if (need === 'serving' || need === 'testing') await requireUserNamespaces();
}
