import { stringify, type YAMLParseError } from 'yaml';
import type { Problem } from './problem.ts';

/** What a text that ought to be in quotes makes the parser complain of. */
const UNQUOTED = new Set(['BLOCK_AS_IMPLICIT_KEY', 'BAD_SCALAR_START']);

/** Says what is wrong with the YAML itself; nearly always it is a text that needs quotes. */
export function describeSyntax(error: YAMLParseError, line: string): Pick<Problem, 'message' | 'instead'> {
  const [, key, text] = /^\s*(?:- )?([A-Za-z0-9_-]+): (.+)$/.exec(line) ?? [];
  if (UNQUOTED.has(error.code) && key !== undefined && text !== undefined) {
    const instead = `${key}: ${stringify(text, { defaultStringType: 'QUOTE_SINGLE', lineWidth: 0 }).trimEnd()}`;
    return {
      message: 'This text must stand in quotes: it has ": " in it, or starts with a sign that means something in YAML.',
      instead,
    };
  }
  return { message: `This is not valid YAML: ${error.message.replace(/\.?$/, '.')}`, instead: null };
}
