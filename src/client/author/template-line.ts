import type { AuthorState, AuthorTemplate } from '../../../protocol/author.ts';
import { button, element } from '../dom/element.ts';
import { clockTime } from './run-view.ts';

/** What this sandbox was forked from, what the next one will be, and the way to it where they differ. */
export function templateLine({ sandbox, template }: AuthorState, reset: () => void): HTMLElement {
  const now = sandbox === null ? 'No sandbox.' : `This sandbox: ${named(sandbox.templates) ?? 'of an earlier server'}.`;
  const parts: (string | Node)[] = [element('span', {}, now)];
  if (template !== null && (template.status !== 'ready' || sandbox?.isStale)) {
    parts.push(element('span', { 'data-template': template.status }, next(template)));
  }
  if (sandbox?.isStale) {
    parts.push(element('b', {}, 'The lab’s machines are made in another way now.'));
    parts.push(button('Reset: a sandbox of the new template', reset, { 'data-author-reset': true }));
  }
  return element('p', { class: 'author-template' }, ...parts);
}

function next({ status, keys, since, detail }: AuthorTemplate): string {
  if (status === 'ready') return `The next one: ${named(keys) ?? ''}.`;
  if (status === 'failed') return `The template could not be made: ${detail ?? ''}`;
  if (status === 'waiting') return 'The template of the next one will be made after others.';
  return `The template of the next one is being made since ${clockTime(since ?? 0)}${detail === null ? '' : `: ${detail}`} …`;
}

function named(keys: Readonly<Record<string, string>> | null): string | undefined {
  return keys === null ? undefined : Object.values(keys).join(', ');
}
