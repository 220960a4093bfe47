import type { AuthorRun, AuthorSubject } from '../../../protocol/author.ts';
import { element } from '../dom/element.ts';
import { pageLocale } from '../strings/strings.ts';

export function isOf({ subject }: AuthorRun, { kind, step, id }: AuthorSubject): boolean {
  return subject.kind === kind && subject.step === step && subject.id === id;
}

export function subjectName({ kind, step, id }: AuthorSubject): string {
  const what = { check: 'check', part: 'verdict', proof: 'proof of', question: 'question' }[kind];
  return [what, kind === 'proof' ? step : id].join(' ');
}

export function clockTime(unixMs: number): string {
  return new Date(unixMs).toTimeString().slice(0, 8);
}

/** One run: when, how long, how it ended, what it printed, and what the learner is shown. */
export function runView(run: AuthorRun): HTMLElement {
  const { startedAt, ms, status, machine, outcome } = run;
  const ended = status === null ? 'no exit status' : `exit ${status}`;
  const head = `${clockTime(startedAt)}  ${outcome}  ${ms} ms  ${ended}  on ${machine}`;
  return element(
    'article',
    { class: 'author-run', 'data-outcome': outcome },
    element('h3', {}, head),
    ...output('stdout', run.stdout),
    ...output('stderr', run.stderr),
    ...understood(run),
    ...shown(run),
  );
}

function output(name: string, text: string): HTMLElement[] {
  return text === '' ? [] : [element('h4', {}, name), element('pre', {}, text)];
}

function understood({ answer, detail }: AuthorRun): HTMLElement[] {
  if (detail !== null) return [element('p', { class: 'author-detail' }, `Could not be asked: ${detail}`)];
  if (answer === null) return [];
  const evidence = Object.entries(answer.evidence).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return [element('h4', {}, 'understood as'), element('pre', {}, [answer.message, ...evidence].join(' '))];
}

function shown({ report }: AuthorRun): HTMLElement[] {
  if (report === null) return [];
  const locale = pageLocale();
  const rows = (['expected', 'seen', 'try'] as const).flatMap((part) => [
    element('dt', {}, part),
    element('dd', {}, report[part][locale]),
  ]);
  return [element('h4', {}, 'the learner sees'), element('dl', {}, ...rows)];
}
