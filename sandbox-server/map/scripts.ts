import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');

/** Perl is there in a third of python3's time, and bash, which every script is for the agent, hands over to it. */
const perl = (file: string) => `exec perl - <<'DRYDOCK_END'\n${read(file)}\nDRYDOCK_END\n`;

/** Bash for a machine's agent. The last two are told `$DRYDOCK_PLACES`, addresses and ports between spaces. */
export const SCRIPTS = { survey: perl('survey.pl'), probe: read('probe.sh'), knock: perl('knock.pl') } as const;

/** By place, what they print; what is no answer of theirs is left out. */
export function parseAnswers<Answer extends string>(
  stdout: string,
  known: readonly Answer[],
): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer>();
  for (const line of stdout.split('\n')) {
    const [place = '', said = ''] = line.split('\t');
    const answer = known.find((one) => one === said);
    if (answer !== undefined) answers.set(place, answer);
  }
  return answers;
}
