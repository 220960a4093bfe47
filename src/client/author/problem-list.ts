import type { AuthorProblem } from '../../../protocol/author.ts';
import { element } from '../dom/element.ts';

/** What is wrong with lab files, as `npm run lab -- check` says it. */
export function problemList(problems: readonly AuthorProblem[]): HTMLElement {
  return element('div', { class: 'author-problems', role: 'status' }, ...problems.map(problem));
}

function problem({ file, line, column, message, instead }: AuthorProblem): HTMLElement {
  const fix = instead === null ? [] : [element('p', {}, 'Write instead:'), element('pre', {}, instead)];
  return element('article', {}, element('b', {}, `${file}:${line}:${column}`), element('p', {}, message), ...fix);
}
