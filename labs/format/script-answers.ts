/** One place in a script where it says what is wrong, with the keys of its evidence. */
export interface ScriptAnswer {
  readonly message: string;
  readonly evidence: readonly string[];
  /** Where the call begins in the script. */
  readonly offset: number;
}

/**
 * The `fail message-id key=value …` calls of a script, read without running it. Bash is not parsed: everything up to
 * the end of the line, or to the next `fail`, counts as belonging to the call.
 */
export function scriptAnswers(script: string): ScriptAnswer[] {
  return [...codeOf(script).matchAll(/\bfail[ \t]+([a-z][a-z0-9-]*)(.*?)(?=\bfail[ \t]|$)/gm)].map(
    ({ index, 1: message = '', 2: rest = '' }) => ({ message, evidence: evidenceIn(rest), offset: index }),
  );
}

/** The keys of the evidence of each `pass key=value …` of a script. */
export function scriptPasses(script: string): (readonly string[])[] {
  return [...codeOf(script).matchAll(/(?<![\w-])pass(?![\w=-])(.*?)(?=\bfail[ \t]|$)/gm)].map(([, rest = '']) =>
    evidenceIn(rest),
  );
}

/** Without comments, and continued lines as one; every sign stays where it was. */
export function codeOf(script: string): string {
  return script.replace(/^[ \t]*#.*$/gm, (comment) => ' '.repeat(comment.length)).replace(/\\\n/g, '  ');
}

function evidenceIn(rest: string): string[] {
  return [...rest.matchAll(/[ \t]([a-zA-Z][\w-]*)=/g)].map(([, key = '']) => key);
}
