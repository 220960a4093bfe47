import { runCommand } from '../command.mjs';
import { explainFailure } from '../explain-failure.mjs';
import { UPDATE } from './plan.mjs';

/**
 * Carries a plan out. What can be mended on the way is: an installation that was interrupted earlier, and package
 * lists that name files the mirror has replaced.
 *
 * @param {import('./plan.mjs').InstallPlan} plan
 * @param {readonly string[]} asRoot what to put before each command
 * @param {(detail: string) => void} report
 */
export async function carryOut(plan, asRoot, report) {
  /** @param {import('./plan.mjs').Command} command */
  const run = ({ argv, input }) => runCommand([...asRoot, ...argv], { input, onLine: report });

  /** @param {import('./plan.mjs').Command} command */
  async function must(command) {
    const { status, output } = await run(command);
    if (status !== 0) throw explainFailure(`"${command.argv.join(' ')}" did not finish`, output);
  }

  for (const command of plan.prepare) await must(command);
  for (const command of plan.install) {
    const first = await run(command);
    if (first.status === 0) continue;
    await must(/dpkg was interrupted/.test(first.output) ? { argv: ['dpkg', '--configure', '-a'] } : { argv: UPDATE });
    await must(command);
  }
}
