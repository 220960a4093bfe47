/**
 * @typedef {object} Command one thing to do as root
 * @property {string[]} argv
 * @property {string} [input]
 *
 * @typedef {object} InstallPlan
 * @property {Command[]} prepare new sources and fresh package lists, where needed
 * @property {Command[]} install
 */

export const BACKPORTS_FILE = '/etc/apt/sources.list.d/drydock-backports.sources';

export const UPDATE = ['apt-get', 'update', '-q'];

/** Waits for another apt, asks nothing, takes no more than needed. */
const INSTALL = [
  ...['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-q', '--yes', '--no-install-recommends'],
  ...['-o', 'DPkg::Lock::Timeout=120'],
];

/**
 * @param {object} situation
 * @param {string[]} situation.packages
 * @param {string[]} situation.fromBackports
 * @param {string} situation.codename
 * @param {string | undefined} situation.newSource what to write into BACKPORTS_FILE
 * @param {boolean} situation.listsAreStale
 * @param {string[]} [situation.unwantedServices] units that a package starts and that shall not run
 * @returns {InstallPlan}
 */
export function planInstall({ packages, fromBackports, codename, newSource, listsAreStale, unwantedServices = [] }) {
  /** @type {InstallPlan} */
  const plan = { prepare: [], install: [] };
  if (newSource !== undefined) plan.prepare.push({ argv: ['tee', BACKPORTS_FILE], input: newSource });
  if (newSource !== undefined || listsAreStale) plan.prepare.push({ argv: UPDATE });
  if (fromBackports.length > 0) {
    plan.install.push({ argv: [...INSTALL, '-t', `${codename}-backports`, ...fromBackports] });
  }
  if (packages.length > 0) plan.install.push({ argv: [...INSTALL, ...packages] });
  if (unwantedServices.length > 0) plan.install.push({ argv: ['systemctl', 'disable', '--now', ...unwantedServices] });
  return plan;
}

/**
 * The same as lines for a root shell.
 * @param {InstallPlan} plan
 */
export function asShell({ prepare, install }) {
  return [...prepare, ...install].map(({ argv, input }) => {
    const line = argv.join(' ');
    return input === undefined ? line : `${line} > /dev/null <<'EOF'\n${input}EOF`;
  });
}
