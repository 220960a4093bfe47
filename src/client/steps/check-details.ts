import type { CheckState } from '../../../protocol/state.ts';
import { element } from '../dom/element.ts';
import { inlineNodes } from '../dom/inline-text.ts';
import { pageLocale, strings } from '../strings/strings.ts';

/** Below a check's line: its status in words for screen readers, and why it does not hold. */
export function checkDetails({ status, report }: CheckState): Node[] {
  const text = strings().step;
  const details: Node[] = [element('span', { class: 'sr-only' }, text.status[status])];
  if (status === 'errored') details.push(element('p', { class: 'check-note' }, text.errored));
  if (status === 'lapsed') details.push(element('p', { class: 'check-note' }, text.lapsed));
  if (!report || (status !== 'failed' && status !== 'lapsed')) return details;
  const locale = pageLocale();
  const rows = (['expected', 'seen', 'try'] as const).flatMap((part) => [
    element('dt', {}, text[part]),
    element('dd', {}, ...inlineNodes(report[part][locale])),
  ]);
  return [...details, element('dl', { class: 'report' }, ...rows)];
}
