import { existsSync } from 'node:fs';
import { deriveBackports } from '../apt/backports.mjs';
import { carryOut } from '../apt/install.mjs';
import { asShell, BACKPORTS_FILE, planInstall } from '../apt/plan.mjs';
import { areListsStale, readSourceFiles } from '../apt/read-apt.mjs';
import { becomeRoot } from '../apt/rights.mjs';
import { Stop } from '../stop.mjs';
import { findLacking } from './requirements.mjs';

/** @typedef {{ requirement: import('./requirements.mjs').Requirement, lack: string }} Lack */

/** About what apt takes to fetch and unpack QEMU and its libraries from a near mirror. */
const EXPECTED_SECONDS = 60;

/**
 * @param {readonly Lack[]} lacking
 * @param {import('../platform.mjs').Platform} platform
 * @param {{ progress: import('../../progress/progress.mjs').Progress, say: (text: string) => void }} output
 */
export async function installLacking(lacking, platform, { progress, say }) {
  const plan = await makePlan(lacking, platform);
  say(announce(lacking, plan));
  const asRoot = await becomeRoot(asShell(plan));
  await progress.step(
    { id: 'packages', title: 'Installing system packages', expectedSeconds: EXPECTED_SECONDS },
    (report) => carryOut(plan, asRoot, report),
  );
  const still = await findLacking(lacking.map(({ requirement }) => requirement));
  if (still.length === 0) return;
  throw new Stop({
    what: `Still missing after the installation: ${still.map(describe).join('; ')}.`,
    why: `${platform.name} does not provide it in its packages.`,
    fix: 'Use Debian 13, Debian 12 or Ubuntu 24.04, or install it by hand where PATH finds it.',
  });
}

/** @param {readonly Lack[]} lacking @param {import('../platform.mjs').Platform} platform */
async function makePlan(lacking, { codename }) {
  const isNewer = (/** @type {Lack} */ { requirement }) =>
    codename === 'bookworm' && requirement.newerThanBookworm === true;
  const fromBackports = packagesOf(lacking.filter(isNewer));
  const packages = packagesOf(lacking.filter((lack) => !isNewer(lack)));
  const newSource = fromBackports.length > 0 ? findNewSource(codename) : undefined;
  const listsAreStale = await areListsStale([...packages, ...fromBackports]);
  const unwantedServices = existsSync('/run/systemd/system') ? servicesOf(lacking) : [];
  return planInstall({ packages, fromBackports, codename, newSource, listsAreStale, unwantedServices });
}

/** @param {readonly Lack[]} lacking */
function packagesOf(lacking) {
  const all = lacking.reduce((/** @type {string[]} */ some, { requirement }) => some.concat(requirement.packages), []);
  return [...new Set(all)];
}

/** @param {readonly Lack[]} lacking */
function servicesOf(lacking) {
  return lacking.reduce((/** @type {string[]} */ some, { requirement }) => some.concat(requirement.services || []), []);
}

/** @param {string} codename */
function findNewSource(codename) {
  const backports = deriveBackports(readSourceFiles(), codename);
  if (backports.state === 'present') return undefined;
  if (backports.state === 'missing') return backports.content;
  throw new Stop({
    what: `QEMU 8.2 or newer comes from ${codename}-backports here, and apt has no source for it.`,
    why: `None of apt's sources has the suite "${codename}", whose place it could be derived from.`,
    fix: `Add ${codename}-backports to /etc/apt/sources.list.d yourself and run the same command again.`,
  });
}

/** @param {Lack} lack */
function describe({ requirement, lack }) {
  return `${requirement.what} (${lack})`;
}

/**
 * What is about to happen and why, before it does.
 * @param {readonly Lack[]} lacking
 * @param {import('../apt/plan.mjs').InstallPlan} plan
 */
export function announce(lacking, plan) {
  const lines = lacking.map(
    (lack) => `  ${lack.requirement.packages.join(', ')}: ${describe(lack)}; ${lack.requirement.why}`,
  );
  const source = plan.prepare.find(({ input }) => input !== undefined);
  if (source !== undefined)
    lines.push(`  ${BACKPORTS_FILE}: a new apt source, because Debian 12's own QEMU is too old`);
  return `These system packages are going to be installed with apt:\n${lines.join('\n')}`;
}
