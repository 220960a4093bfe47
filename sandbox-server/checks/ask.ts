import type { LabCheck } from '../../labs/format/lab.ts';
import type { Report } from '../../protocol/state.ts';
import type { Text } from '../../protocol/text.ts';
import { MachineEndedError } from '../errors.ts';
import type { RunRequest, RunResult } from '../machines/driver.ts';
import { type Answer, parseAnswer } from './answer.ts';
import { fill, renderReport } from './report.ts';

/** Enough of a check, or of a part of a verdict, to ask it. */
export type Question = Pick<LabCheck, 'id' | 'machine' | 'script' | 'messages'> & { readonly tried?: Text };

/** `errored`: our fault; `detail` is for the log and for lab authors, never for learners. */
export type Outcome =
  | { readonly status: 'passed'; readonly answer: Answer | undefined; readonly tried?: Text }
  | { readonly status: 'failed'; readonly answer: Answer; readonly report: Report }
  | Errored;

export interface Errored {
  readonly status: 'errored';
  readonly detail: string;
}

export interface AskOptions {
  readonly kit: string;
  /** Secrets of this sandbox by id, handed to the script as `$DRYDOCK_SECRET_<ID>`. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Of this run of a verdict, handed to the script as `$DRYDOCK_PROOF`. */
  readonly proof?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  run(machine: string, request: RunRequest): Promise<RunResult>;
}

const LONGEST_DETAIL = 400;

/** Asks one question. Rejects only when the machine ended or the signal fired; all else is an Outcome. */
export async function ask(question: Question, options: AskOptions): Promise<Outcome> {
  const result = await runScript(question, options);
  return 'stdout' in result ? outcomeOf(question, result) : result;
}

/** What the end of its script says of a question. */
export function outcomeOf(question: Question, result: RunResult): Outcome {
  if (result.status === 0) return passed(question, result);
  if (result.status === 1) return failed(question, result);
  return { status: 'errored', detail: `exit status ${result.status}: ${tail(result)}` };
}

/** Runs what a lab asks a machine, with all that its scripts may count on. Rejects as `ask` does. */
export async function runScript(
  { machine, script }: Pick<Question, 'machine' | 'script'>,
  { kit, secrets, proof, timeoutMs, signal, run }: AskOptions,
): Promise<RunResult | Errored> {
  const env = scriptVariables(secrets, proof);
  try {
    const result = await run(machine, { script: `${kit}\n${script}`, env, timeoutMs, ...(signal && { signal }) });
    return result.timedOut ? { status: 'errored', detail: `no answer within ${timeoutMs / 1000} s` } : result;
  } catch (cause) {
    if (cause instanceof MachineEndedError || signal?.aborted) throw cause;
    return { status: 'errored', detail: String(cause) };
  }
}

/** Names of environment variables know no hyphen: `ca-key` is `$DRYDOCK_SECRET_CA_KEY`. */
export function scriptVariables(secrets: ReadonlyMap<string, string>, proof?: string): Record<string, string> {
  const entries = [...secrets].map(([id, value]) => [`DRYDOCK_SECRET_${id.toUpperCase().replaceAll('-', '_')}`, value]);
  return { ...Object.fromEntries(entries), ...(proof !== undefined && { DRYDOCK_PROOF: proof }) };
}

function passed({ tried }: Question, { stdout }: RunResult): Outcome {
  const answer = parseAnswer(stdout);
  return { status: 'passed', answer, ...(tried && { tried: fill(tried, answer?.evidence ?? {}) }) };
}

/** A learner is wrong only when proven wrong: status 1 without one of the lab's own messages proves nothing. */
function failed({ messages }: Question, result: RunResult): Outcome {
  const answer = parseAnswer(result.stdout);
  if (answer === undefined) return { status: 'errored', detail: `status 1 without a message: ${tail(result)}` };
  const message = Object.hasOwn(messages, answer.message) ? messages[answer.message] : undefined;
  if (message === undefined) return { status: 'errored', detail: `the lab has no message "${answer.message}"` };
  return { status: 'failed', answer, report: renderReport(message, answer.evidence) };
}

function tail({ stdout, stderr }: RunResult): string {
  return (stderr.trim() || stdout.trim()).slice(-LONGEST_DETAIL);
}
