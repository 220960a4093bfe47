import { globSync, readFileSync } from 'node:fs';
import { type Language, plain, type Text } from './texts.ts';

/** Lessons, sheets and references: titles, descriptions, headings, paragraphs, items of lists, cells of tables. */
export function readLessonTexts(): Text[] {
  return globSync('content/*/**/*.mdx')
    .sort()
    .flatMap((file) => textsOf(file, readFileSync(file, 'utf8')));
}

export function textsOf(file: string, source: string): Text[] {
  const language = file.split('/')[1] as Language;
  return blocks(source).map(({ line, text }) => ({ file, line, language, kind: 'lesson', text: plain(text) }));
}

interface Block {
  readonly line: number;
  readonly text: string;
}

const FENCE = /^ *```[\s\S]*?^ *```$/gm;
const TAG = /<\/?[A-Za-z][^>]*>/g;
const FRONTMATTER_TEXT = /^(?:title|description): (.*)$/;
const HEADING = /^#+ (.*)$/;
const ITEM = /^ *(?:[-*]|\d+\.) (.*)$/;

function blocks(source: string): Block[] {
  // Line breaks stay, so that every block still knows its line.
  const lines = source.replace(FENCE, lineBreaksOf).replace(TAG, titleOf).split('\n');
  const end = lines.indexOf('---', 1);
  const found: Block[] = [];
  let isOpen = false;
  for (const [index, line] of lines.entries()) {
    const heading = (index < end ? FRONTMATTER_TEXT : HEADING).exec(line)?.[1];
    const item = ITEM.exec(line)?.[1];
    const last = found.at(-1);
    if (heading !== undefined) found.push({ line: index + 1, text: heading });
    else if (index <= end || line.trim() === '') isOpen = false;
    else if (line.startsWith('|')) found.push(...cells(line, index + 1));
    else if (isOpen && item === undefined && last) {
      found[found.length - 1] = { ...last, text: `${last.text}\n${line.trim()}` };
    } else found.push({ line: index + 1, text: item ?? line.trim() });
    if (line.trim() !== '' && index > end) isOpen = heading === undefined && !line.startsWith('|');
  }
  return found;
}

function lineBreaksOf(text: string): string {
  return '\n'.repeat(text.split('\n').length - 1);
}

/** The title of something set apart is a heading. */
function titleOf(tag: string): string {
  const title = /\btitle="([^"]*)"/.exec(tag)?.[1];
  return (title === undefined ? '' : `# ${title}`) + lineBreaksOf(tag);
}

function cells(row: string, line: number): Block[] {
  const texts = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
  return texts.filter((text) => !/^[-: ]*$/.test(text)).map((text) => ({ line, text }));
}
