import type { LabQuestion } from '../../labs/format/lab.ts';
import { type AskOptions, type Errored, runScript } from './ask.ts';

/** Whether what a learner said is right. `errored`: our fault, nothing is proven. */
export type Mark = { readonly status: 'right' } | { readonly status: 'wrong' } | Errored;

/** Holds an answer against the right one, which the machine may be asked for. Rejects as `ask` does. */
export async function mark(question: LabQuestion, answer: string, options: AskOptions): Promise<Mark> {
  const right = question.script === null ? [question.answer] : await rightAnswers(question, question.script, options);
  if ('status' in right) return right;
  return { status: right.map(plain).includes(plain(answer)) ? 'right' : 'wrong' };
}

/** One form of it per line; a script that prints none, or no choice that there is, knows nothing. */
async function rightAnswers(
  { machine, choices }: LabQuestion,
  script: string,
  options: AskOptions,
): Promise<readonly string[] | Errored> {
  const result = await runScript({ machine, script }, options);
  if (!('stdout' in result)) return result;
  if (result.status !== 0)
    return { status: 'errored', detail: `exit status ${result.status}: ${result.stderr.trim()}` };
  const said = result.stdout.split('\n').filter((line) => line.trim() !== '');
  const unknown = choices && said.find((line) => !choices.some(({ id }) => id === line.trim()));
  if (said.length === 0) return { status: 'errored', detail: 'it printed no answer' };
  if (unknown != null) return { status: 'errored', detail: `there is no choice "${unknown}"` };
  return said;
}

/** What a person means by it: capitals, full-width digits and spaces around it say nothing else. */
function plain(answer: string): string {
  return answer.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
