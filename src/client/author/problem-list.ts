import type { AuthorProblem } from '../../../protocol/author.ts';
import { element } from '../dom/element.ts';

/** What is wrong with lab files, as `npm run lab -- check` says it. */
export function problemList(problems: readonly AuthorProblem[]): HTMLElement {
  return element('div', { class: 'author-problems', role: 'status' }, ...problems.map(problem));
}

function problem({ file, line, column, text, message, instead, isMissing }: AuthorProblem): HTMLElement {
  const shown = text === null ? [] : [element('pre', {}, text)];
  const fix =
    instead === null ? [] : [element('p', {}, isMissing ? 'Add:' : 'Write instead:'), element('pre', {}, instead)];
  const place = element('b', {}, `${file}:${line}:${column}`);
  return element('article', {}, place, element('p', {}, message), ...shown, ...fix);
}
