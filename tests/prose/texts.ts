/** Every text that a learner reads, with the place where it is written, wherever that is. */

export type Language = 'zh-cn' | 'en';

/** Lessons and labs are set when they are shown (straight quotes become typographic ones); TypeScript is shown as it is. */
export type Kind = 'lesson' | 'lab' | 'string';

export interface Text {
  readonly file: string;
  /** Of its first character, counted from 1. */
  readonly line: number;
  readonly language: Language;
  readonly kind: Kind;
  /** Without code and without marks of formatting. Line breaks are kept. */
  readonly text: string;
}

/** Stands for code, and for what a lab's script fills in: to the rules a Latin word. */
export const CODE = 'x';
/** Stands for what a program fills in, which may be a word of any language, or a whole sentence. No rule looks at it. */
export const ANYTHING = '\uFFFC';

/** The line on which a text has something at `index`. */
export function lineOf({ line, text }: Text, index: number): number {
  return line + text.slice(0, index).split('\n').length - 1;
}

const INLINE_CODE = /(`+)[^`]+\1/g;
const LINK = /\[([^\]]*)\]\([^)]*\)/g;
/** What ends in punctuation and is bold has to be followed by a space, or Markdown does not see the end of it. */
const BOLD_END = /(?<=[。：？）])\*\*[ \n]/g;
const EMPHASIS = /\*\*|(?<![\p{L}\d])_|_(?![\p{L}\d])|\*/gu;

/** Of Markdown, what a reader sees of a paragraph. */
export function plain(markdown: string): string {
  return markdown
    .replace(INLINE_CODE, CODE)
    .replace(LINK, '$1')
    .replace(BOLD_END, '')
    .replace(EMPHASIS, '')
    .replace(/\\(.)/g, '$1');
}

const VARIABLE = /\{[a-zA-Z]+\}/g;

/** Of a lab's text: backquotes are code, and `{key}` is filled in. */
export function plainOfLab(text: string): string {
  return text.replace(INLINE_CODE, CODE).replace(VARIABLE, CODE);
}
