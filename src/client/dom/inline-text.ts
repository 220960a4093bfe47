import { inlineParts } from '../../text/inline.ts';
import { element } from './element.ts';

/** A sentence with `code` spans as nodes. Text stays text, whatever a machine made the server say. */
export function inlineNodes(sentence: string): (Node | string)[] {
  return inlineParts(sentence).map(({ kind, text }) => (kind === 'code' ? element('code', {}, text) : text));
}
