/** One place in a script where it says what is wrong, with the keys of its evidence. */
export interface ScriptAnswer {
  readonly message: string;
  readonly evidence: readonly string[];
}

/**
 * The `fail message-id key=value …` calls of a script, read without running it. Bash is not parsed: everything up to
 * the end of the line, or to the next `fail`, counts as belonging to the call.
 */
export function scriptAnswers(script: string): ScriptAnswer[] {
  return [...codeOf(script).matchAll(/\bfail[ \t]+([a-z][a-z0-9-]*)(.*?)(?=\bfail[ \t]|$)/gm)].map(
    ([, message = '', rest = '']) => ({
      message,
      evidence: evidenceIn(rest),
    }),
  );
}

/** The keys of the evidence of each `pass key=value …` of a script. */
export function scriptPasses(script: string): (readonly string[])[] {
  return [...codeOf(script).matchAll(/(?<![\w-])pass(?![\w=-])(.*?)(?=\bfail[ \t]|$)/gm)].map(([, rest = '']) =>
    evidenceIn(rest),
  );
}

function codeOf(script: string): string {
  return script.replace(/^\s*#.*$/gm, '').replace(/\\\n/g, ' ');
}

function evidenceIn(rest: string): string[] {
  return [...rest.matchAll(/[ \t]([a-z_]+)=/g)].map(([, key = '']) => key);
}
