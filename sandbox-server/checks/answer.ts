/** What a check's script said: `message-id key=value key="va lue"`. */
export interface Answer {
  readonly message: string;
  readonly evidence: Readonly<Record<string, string>>;
}

/** Evidence is a word or a name, shown inside a sentence. */
const MAX_VALUE_CHARACTERS = 200;

const MESSAGE = /^[a-z0-9][a-z0-9-]{0,63}(?=\s|$)/;
const PAIR = /\s+([a-zA-Z][\w-]{0,63})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/y;

/**
 * Reads the last line that is not blank; whatever commands printed before it does not matter. A value is a bare word,
 * or stands in double quotes in which a backslash makes the next character stand for itself (labs/kit/10-answer.sh
 * writes it so). Returns `undefined` for a line of any other form: a script that cannot say what it saw proves nothing.
 */
export function parseAnswer(stdout: string): Answer | undefined {
  const line =
    stdout
      .split('\n')
      .findLast((text) => text.trim() !== '')
      ?.trim() ?? '';
  const message = MESSAGE.exec(line)?.[0];
  if (message === undefined) return undefined;
  const evidence: Record<string, string> = {};
  PAIR.lastIndex = message.length;
  let end = message.length;
  for (let pair = PAIR.exec(line); pair !== null; pair = PAIR.exec(line)) {
    const [, key = '', quoted, bare = ''] = pair;
    evidence[key] = showable(quoted?.replace(/\\(.)/g, '$1') ?? bare);
    end = PAIR.lastIndex;
  }
  return end === line.length ? { message, evidence } : undefined;
}

/** A machine is the learner's: what it prints must not be able to draw on, or flood, the page. */
export function showable(value: string): string {
  const text = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  const characters = [...text];
  return characters.length <= MAX_VALUE_CHARACTERS
    ? text
    : `${characters.slice(0, MAX_VALUE_CHARACTERS - 1).join('')}…`;
}
