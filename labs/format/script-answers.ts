/** One place in a script where it says what is wrong, with the keys of its evidence. */
export interface ScriptAnswer {
  readonly message: string;
  readonly evidence: readonly string[];
}

/** The `fail message-id key=value …` calls of a script, read without running it. */
export function scriptAnswers(script: string): ScriptAnswer[] {
  const code = script.replace(/^\s*#.*$/gm, '').replace(/\\\n/g, ' ');
  return [
    ...code.matchAll(/\bfail[ \t]+([a-z][a-z0-9-]*)((?:[ \t]+[a-z_]+=(?:"(?:[^"\\]|\\.)*"|[^\s;&|)}"]*))*)/g),
  ].map(([, message = '', evidence = '']) => ({
    message,
    evidence: [...evidence.matchAll(/(?:^|[ \t])([a-z_]+)=/g)].map(([, key = '']) => key),
  }));
}
