import { examine } from './doctor/examine.ts';
import { isReady, report, reportJson } from './doctor/report.ts';
import { lookAround } from './doctor/surroundings.ts';
import { Stop } from './preflight/stop.mjs';

/** `npm run doctor [-- --json]`: what this machine has and lacks. Status 0: everything that serving needs is there. */
export async function run(args: readonly string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--json');
  if (unknown.length > 0) {
    throw new Stop({
      what: `doctor does not know "${unknown.join(' ')}".`,
      fix: 'It knows --json (the same for programs): npm run -s doctor -- --json',
    });
  }
  const sections = await examine(lookAround(process.env));
  const colour = process.stdout.isTTY && !process.env.NO_COLOR;
  console.log(args.includes('--json') ? reportJson(sections) : report(sections, { colour }));
  return isReady(sections) ? 0 : 1;
}
