export interface InlinePart {
  readonly kind: 'text' | 'code';
  readonly text: string;
}

/** Splits a sentence at its `code` spans. A lone backtick is text. */
export function inlineParts(sentence: string): InlinePart[] {
  return sentence
    .split(/(`[^`]+`)/)
    .filter((text) => text !== '')
    .map((text) =>
      text.length > 2 && text.startsWith('`') && text.endsWith('`')
        ? { kind: 'code', text: text.slice(1, -1) }
        : { kind: 'text', text: text.replace(STRAIGHT_APOSTROPHE, '’') },
    );
}

/** As Astro sets those of lessons. Double quotes stay: what stands in them is often what a machine printed. */
const STRAIGHT_APOSTROPHE = /(?<=\p{L})'(?=\p{L}|\s|$)/gu;

/** Blank lines separate paragraphs; a single line break inside one is a space (or nothing, between CJK characters). */
export function paragraphs(text: string): string[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) =>
      paragraph.replace(/(?<=\p{Script=Han}|[，。；：、）])\s*\n\s*/gu, '').replace(/\s*\n\s*/g, ' '),
    );
}
