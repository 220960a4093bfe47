import type { AuthorState, AuthorSubject } from '../../../protocol/author.ts';
import { button, element } from '../dom/element.ts';
import { clockTime, isOf, subjectName } from './run-view.ts';

const MARKS = { passed: '✓', failed: '✗', errored: '!', answered: '→' } as const;

/** Every script of the lab by its step, with how it ended last. */
export function subjectList(
  { subjects, runs }: AuthorState,
  chosen: AuthorSubject | undefined,
  choose: (subject: AuthorSubject) => void,
): HTMLElement {
  const steps = [...new Set(subjects.map(({ step }) => step))];
  const row = (subject: AuthorSubject) => {
    const last = runs.find((run) => isOf(run, subject));
    const when = last ? `${MARKS[last.outcome]} ${clockTime(last.startedAt)} ${last.ms} ms` : '–';
    const made = button('', () => choose(subject), {
      ...{ class: 'author-subject', 'data-subject': subject.file, 'data-outcome': last?.outcome },
      'aria-pressed': `${subject === chosen}`,
    });
    made.append(element('b', {}, subjectName(subject)), element('span', {}, when));
    return element('li', {}, made);
  };
  return element(
    'nav',
    { class: 'author-subjects', 'aria-label': 'Scripts' },
    ...steps.flatMap((step) => [
      element('h2', {}, step ?? 'questions'),
      element('ul', {}, ...subjects.filter((subject) => subject.step === step).map(row)),
    ]),
  );
}
