import { stringify, type YAMLError } from 'yaml';
import { lineAt, nextLine } from './line-at.ts';
import type { Told } from './problem.ts';

/** What is wrong with the YAML itself, and where: often on another line than the one at which the parser stumbled. */
export interface DescribedSyntax extends Told {
  readonly offset: number;
}

/** What a text that ought to be in quotes makes the parser complain of. */
const UNQUOTED = new Set([
  ...['BLOCK_AS_IMPLICIT_KEY', 'BAD_SCALAR_START', 'UNEXPECTED_TOKEN', 'TAG_RESOLVE_FAILED', 'BAD_ALIAS'],
  'MISSING_CHAR',
]);
const INDENTED = new Set(['BLOCK_AS_IMPLICIT_KEY', 'MULTILINE_IMPLICIT_KEY', 'BAD_INDENT']);

const WIDTH = 2;

/** Says it in the words of someone who writes labs, with the line to write instead. */
export function describeSyntax({ code, pos, message }: YAMLError, text: string): DescribedSyntax {
  const [offset] = pos;
  const line = lineAt(text, offset);
  const isBracket = message.startsWith('Flow');
  const found =
    (code === 'TAB_AS_INDENT' && tab(line)) ||
    (code === 'DUPLICATE_KEY' && twice(line)) ||
    (code === 'MULTIPLE_DOCS' && { message: 'A file holds one lab: remove the line "---".', instead: null }) ||
    (code === 'MULTILINE_IMPLICIT_KEY' && noSpace(line)) ||
    (isBracket && openBracket(text, offset)) ||
    unclosed(line) ||
    (INDENTED.has(code) && misplaced(text, offset)) ||
    (UNQUOTED.has(code) && unquoted(line)) ||
    undefined;
  return { offset, message: `This is not valid YAML: ${message.replace(/\.?$/, '.')}`, instead: null, ...found };
}

function tab(line: string): Told {
  const instead = line.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', ' '.repeat(WIDTH)));
  return {
    message: 'A tab stands at the beginning of this line. YAML is indented with spaces.',
    instead: instead.trim(),
  };
}

function twice(line: string): Told {
  const key = /([\w-]+):/.exec(line)?.[1] ?? line.trim();
  return { message: `"${key}" stands here twice. Keep one, or give the other a name of its own.`, instead: null };
}

function noSpace(line: string): Told | undefined {
  const [, start, key, value] = /^\s*(- )?([\w-]+):(\S.*)$/.exec(line) ?? [];
  if (key === undefined || value === undefined) return undefined;
  return { message: 'A space belongs behind the colon.', instead: `${start ?? ''}${key}: ${value}` };
}

/** A line that stands further right than the one before it, whose value is written out; or between two columns. */
function misplaced(text: string, offset: number): DescribedSyntax | undefined {
  const [line, next] = [lineAt(text, offset), lineAt(text, nextLine(text, offset))];
  const isFull = /^\s*(- )?[\w-]+:\s+\S/.test(line) && !/: .*: /.test(line);
  if (isFull && indentOf(next) > indentOf(line) && /^\s*(- )?[\w-]+:/.test(next)) {
    return { offset: nextLine(text, offset), ...moved(next, indentOf(line)) };
  }
  const before = text.slice(0, text.lastIndexOf('\n', offset - 1) + 1).split('\n');
  const columns = [...new Set(before.map(indentOf))].filter((column) => column < indentOf(line) + WIDTH);
  if (columns.includes(indentOf(line)) || !/^\s*(- )?[\w-]+:/.test(line)) return undefined;
  const far = (column: number) => Math.abs(column - indentOf(line));
  const nearest = columns.sort((a, b) => far(a) - far(b) || b - a)[0];
  return nearest === undefined ? undefined : { offset, ...moved(line, nearest) };
}

function moved(line: string, column: number): Told {
  const message = `This line is indented by ${indentOf(line)} spaces, and no line that it could belong to is. The nearest has ${column}.`;
  return { message, instead: `${' '.repeat(column)}${line.trim()}` };
}

/** The line before this one opens a bracket, and nobody closes it. */
function openBracket(text: string, offset: number): DescribedSyntax | undefined {
  const end = text.lastIndexOf('\n', offset - 1);
  const line = lineAt(text, end - 1);
  const bracket = line.lastIndexOf('{') > line.lastIndexOf('[') ? ' }' : ' ]';
  const message = 'A bracket is opened in this line and not closed.';
  return end < 1 ? undefined : { offset: end - 1, message, instead: `${line.trim()}${bracket}` };
}

function unclosed(line: string): Told | undefined {
  const isOdd = (quote: string) => line.split(quote).length % 2 === 0;
  const quote = ["'", '"'].find(isOdd);
  if (quote === undefined) return undefined;
  return { message: `A quotation mark (${quote}) is opened in this line and not closed.`, instead: null };
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function unquoted(line: string): Told | undefined {
  const [, key, text] = /^\s*(?:- )?([A-Za-z0-9_-]+): (.+)$/.exec(line) ?? [];
  if (key === undefined || text === undefined || /^["'[{]/.test(text)) return undefined;
  const instead = `${key}: ${stringify(text, { defaultStringType: 'QUOTE_SINGLE', lineWidth: 0 }).trimEnd()}`;
  return {
    message: 'This text must stand in quotes: it has ": " in it, or starts with a sign that means something in YAML.',
    instead,
  };
}
