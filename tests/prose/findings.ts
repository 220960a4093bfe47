import type { Rule } from './rules.ts';
import { lineOf, type Text } from './texts.ts';

/** One line per breach: where, what was found, why not, and what to write. */
export function findBreaches(texts: readonly Text[], rules: readonly Rule[]): string[] {
  return texts.flatMap((text) =>
    rules
      .filter(({ language, kinds }) => language === text.language && (kinds?.includes(text.kind) ?? true))
      .flatMap((rule) => [...text.text.matchAll(rule.pattern)].map((match) => described(text, rule, match))),
  );
}

const CONTEXT = 12;

function described(text: Text, { why, instead }: Rule, match: RegExpExecArray): string {
  const [found] = match;
  const before = text.text.slice(Math.max(0, match.index - CONTEXT), match.index);
  const behind = text.text.slice(match.index + found.length, match.index + found.length + CONTEXT);
  const where = `${text.file}:${lineOf(text, match.index)}`;
  const context = `…${before}⟦${found}⟧${behind}…`.replaceAll('\n', '↵');
  return `${where}: ${context} ${why}${instead ? `; write ${JSON.stringify(instead(found))}` : ''}`;
}
