import type { CheckState } from '../../../protocol/state.ts';
import type { Text } from '../../../protocol/text.ts';
import { element } from '../dom/element.ts';
import { inlineNodes } from '../dom/inline-text.ts';
import { pageLocale, strings } from '../strings/strings.ts';

/** Below a check's line: its status in words for screen readers, why it does not hold, or what was tried. */
export function checkDetails({ status, report, tried, obstacle }: CheckState): Node[] {
  const text = strings().step;
  const details: Node[] = [element('span', { class: 'sr-only' }, text.status[status])];
  const why = obstacle ? strings().trouble.obstacle[obstacle] : text.errored;
  if (status === 'errored') details.push(element('p', { class: 'check-note' }, why));
  if (status === 'lapsed') details.push(element('p', { class: 'check-note' }, text.lapsed));
  if (tried && status === 'passed') return [...details, reportList([[text.tried, tried]])];
  if (!report || (status !== 'failed' && status !== 'lapsed')) return details;
  const rows = (['expected', 'seen', 'try'] as const).map((part) => [text[part], report[part]] as const);
  return [...details, reportList(rows)];
}

/** What is said about something, under the name of each part. */
export function reportList(rows: readonly (readonly [name: string, said: Text])[]): Node {
  const locale = pageLocale();
  const nodes = rows.flatMap(([name, said]) => [
    element('dt', {}, name),
    element('dd', {}, ...inlineNodes(said[locale])),
  ]);
  return element('dl', { class: 'report' }, ...nodes);
}
