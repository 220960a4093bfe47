import { attack } from './doctor/attack/attack.ts';
import { attackJson, attackSummary } from './doctor/attack/report-attack.ts';
import { examine } from './doctor/examine.ts';
import { isReady, report, reportJson } from './doctor/report.ts';
import { lookAround } from './doctor/surroundings.ts';
import { Stop } from './preflight/stop.mjs';

const FLAGS = ['--json', '--attack'];

/**
 * `npm run doctor [-- --json] [-- --attack]`: what this machine has and lacks, or whether what holds machines holds.
 * Status 0: everything that serving needs is there, or nothing got through.
 */
export async function run(args: readonly string[]): Promise<number> {
  const unknown = args.filter((arg) => !FLAGS.includes(arg));
  if (unknown.length > 0) {
    throw new Stop({
      what: `doctor does not know "${unknown.join(' ')}".`,
      fix: 'It knows --attack (tries to get out of the jail of a machine) and --json (the same for programs): npm run -s doctor -- --json',
    });
  }
  const asJson = args.includes('--json');
  return args.includes('--attack') ? runAttack(asJson) : runExamination(asJson);
}

async function runExamination(asJson: boolean): Promise<number> {
  const sections = await examine(lookAround(process.env));
  console.log(asJson ? reportJson(sections) : report(sections, { colour: hasColour() }));
  return isReady(sections) ? 0 : 1;
}

async function runAttack(asJson: boolean): Promise<number> {
  const result = await attack(lookAround(process.env));
  const summary = attackSummary(result.sections);
  console.log(asJson ? attackJson(result) : report(result.sections, { colour: hasColour(), summary }));
  return isReady(result.sections) ? 0 : 1;
}

const hasColour = (): boolean => process.stdout.isTTY && !process.env.NO_COLOR;
