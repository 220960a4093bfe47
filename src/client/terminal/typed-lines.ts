import { commandsIn } from '../../text/commands.ts';

/** Ctrl+E, Ctrl+U: to the end of the line and empty it, at a shell prompt and wherever the tty edits lines. */
const EMPTY_LINE = '\x05\x15';
/** Enter, Ctrl+C, Ctrl+D, Ctrl+U. */
const ENDS_LINE = new Set(['\r', '\n', '\x03', '\x04', '\x15']);
/** Ctrl+V makes the next key literal: a tab in a here-document must not ask for completion. */
const LITERAL_TAB = '\x16\t';

/** What a person would type to enter these lines, command by command. `lineInUse` says that something half-typed stands at the prompt. */
export function typedLines(code: string, { lineInUse }: { lineInUse: boolean }): string[] {
  const lines = code.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  const typed = commandsIn(lines).map((command) => `${command.replaceAll('\n', '\r').replaceAll('\t', LITERAL_TAB)}\r`);
  const [first = '', ...rest] = typed;
  return lineInUse ? [EMPTY_LINE + first, ...rest] : typed;
}

/** After typing `data`, does something half-typed stand at the prompt? */
export function leavesLineInUse(data: string): boolean {
  return !ENDS_LINE.has(data.at(-1) ?? '');
}
