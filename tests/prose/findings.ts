import type { Exception } from './exceptions.ts';
import type { Rule } from './rules.ts';
import { lineOf, type Text } from './texts.ts';

/** One line per breach: where, what was found, why not, and what to write. */
export function findBreaches(
  texts: readonly Text[],
  rules: readonly Rule[],
  exceptions: readonly Exception[] = [],
): { breaches: string[]; unused: Exception[] } {
  const used = new Set<Exception>();
  const breaches = texts.flatMap((text) =>
    rules
      .filter(({ language, kinds }) => language === text.language && (kinds?.includes(text.kind) ?? true))
      .flatMap((rule) => [...text.text.matchAll(rule.pattern)].map((match) => ({ rule, match })))
      .filter(({ match }) => {
        const exception = exceptions.find((candidate) => covers(candidate, text, match));
        if (exception) used.add(exception);
        return exception === undefined;
      })
      .map(({ rule, match }) => described(text, rule, match)),
  );
  return { breaches, unused: exceptions.filter((exception) => !used.has(exception)) };
}

function covers({ file, around }: Exception, text: Text, match: RegExpExecArray): boolean {
  if (file !== text.file) return false;
  const start = text.text.indexOf(around);
  return start !== -1 && start <= match.index && match.index + match[0].length <= start + around.length;
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
