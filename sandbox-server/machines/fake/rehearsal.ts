import type { Lab, LabCheck, LabMessage, LabStep } from '../../../labs/format/lab.ts';
import type { RunResult } from '../driver.ts';
import type { Templates } from '../templates.ts';
import { FakeDriver } from './fake-driver.ts';
import type { FakeAnswer } from './fake-machine.ts';
import type { Builtin, ShellContext } from './fake-shell.ts';
import { SURVEYED, surveyAnswer } from './fake-survey.ts';
import { fakeTemplates } from './fake-templates.ts';

/** Where a fake machine keeps what was typed about its checks. */
const PASSED = '/rehearsal/passed/';
const FAILED = '/rehearsal/failed/';

const SAID = '/rehearsal/said/';

/**
 * The fake driver for people who work on the page (`DRIVER=fake`): goals fail with their first message and guards hold
 * until somebody types `pass`, `pass ID`, `fail ID` or `fail ID MESSAGE` in a terminal. What is right of a question is
 * what it is in a fresh machine, until `say ID ANSWER`. The host map follows `gpasswd` and `listen` (fake-survey.ts).
 */
export function rehearse(labs: ReadonlyMap<string, Lab>): { driver: FakeDriver; templates: Templates } {
  const driver = new FakeDriver({
    answer: (request, machine) => answerFor([...labs.values()])(request, machine),
    builtins: { pass, fail, say, ...SURVEYED },
  });
  const afterStep = ({ checks }: LabStep) => checks.map(({ id }) => `pass ${id}`);
  return { driver, templates: fakeTemplates(driver, { afterStep }) };
}

const pass: Builtin = (context, [id = '*']) => note(context, PASSED, id, '');
const fail: Builtin = (context, [id = '*', message = '']) => note(context, FAILED, id, message);

const say: Builtin = ({ files }, [id = '', answer = '']) => {
  files.set(SAID + id, answer);
  return 0;
};

function note({ files }: ShellContext, folder: typeof PASSED | typeof FAILED, id: string, content: string): number {
  for (const other of [PASSED, FAILED]) files.delete(`${other}${id}`);
  if (id === '*') for (const path of [...files.keys()]) if (path.startsWith('/rehearsal/')) files.delete(path);
  files.set(`${folder}${id}`, content);
  return 0;
}

function answerFor(labs: readonly Lab[]): FakeAnswer {
  const questions = labs.flatMap(({ steps }) =>
    steps.flatMap(({ checks, verdict }) => [
      ...checks.map((check) => ({ question: check, isGuard: check.kind === 'guard' })),
      ...(verdict?.parts ?? []).map((part) => ({ question: part, isGuard: true })),
    ]),
  );
  const proofs = labs.flatMap(({ steps }) => steps.flatMap(({ verdict }) => verdict?.proof?.script ?? []));
  return (request, machine) => {
    const surveyed = surveyAnswer(request, machine);
    if (surveyed !== undefined) return { ...result(0, ''), stdout: surveyed };
    const [{ script }, { files }] = [request, machine];
    const question = labs
      .flatMap((lab) => lab.questions)
      .find((one) => one.script && script.endsWith(`\n${one.script}`));
    if (question) return result(0, files.get(SAID + question.id) ?? question.answer);
    if (proofs.some((proof) => script.endsWith(`\n${proof}`))) return result(0, '');
    // Steps may share a script; then they share its answer.
    const asked = questions.filter(({ question }) => script.endsWith(`\n${question.script}`));
    const [first] = asked;
    if (first === undefined) return undefined;
    const ids = [...asked.map(({ question }) => question.id), '*'];
    const said = ids.find((id) => files.has(PASSED + id) || files.has(FAILED + id));
    const holds = said === undefined ? first.isGuard : files.has(PASSED + said);
    return holds ? result(0, 'passed') : result(1, failure(first.question, files.get(FAILED + (said ?? '')) ?? ''));
  };
}

/** The message asked for, or the first, with each key as its own evidence. */
function failure({ messages }: Pick<LabCheck, 'messages'>, wanted: string): string {
  const id = Object.hasOwn(messages, wanted) ? wanted : (Object.keys(messages)[0] ?? 'failed');
  const keys = messages[id] === undefined ? [] : keysOf(messages[id]);
  return [id, ...keys.map((key) => `${key}=${key}`)].join(' ');
}

function keysOf({ expected, seen, try: next }: LabMessage): string[] {
  const texts = [expected, seen, next].flatMap((text) => Object.values(text)).join(' ');
  return [...new Set([...texts.matchAll(/\{([a-z_]+)\}/g)].map(([, key = '']) => key))];
}

function result(status: number, line: string): RunResult {
  return { status, timedOut: false, stdout: `${line}\n`, stderr: '', truncated: false };
}
