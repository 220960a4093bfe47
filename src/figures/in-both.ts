import type { Locale } from '../../protocol/text.ts';

/** The words of one figure: what it is called, what it shows told in words, and what stands in the picture. */
export type FigureTexts<Label extends string> = Readonly<Record<Locale, Readonly<Record<Label | Told, string>>>>;

type Told = 'title' | 'caption';

/** Has the compiler see to it that either language has every label that the other has. */
export function inBoth<Label extends string>(texts: FigureTexts<Label>): FigureTexts<Label> {
  return texts;
}

/** What a figure is handed: its words in the reader's language. */
export type WordsOf<Texts extends FigureTexts<string>> = Texts[Locale];
