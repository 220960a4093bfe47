/** One thing wrong in a lab's files: where, what, and what to write instead. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line as it stands there; null where there is none. */
  readonly text: string | null;
  readonly message: string;
  /** Text to put in its place, or null where only the message can say it. */
  readonly instead: string | null;
  /** `instead` is missing, and takes the place of nothing. */
  readonly isMissing?: boolean;
}

/** What whoever finds a problem knows of it; where that is, the file knows. */
export type Told = Pick<Problem, 'message' | 'instead' | 'isMissing'>;

/** Everything wrong with the labs that were asked for, never only the first thing. */
export class LabFormatError extends Error {
  readonly code = 'LAB_FORMAT';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n\n'));
    this.name = 'LabFormatError';
    this.problems = problems;
  }
}

export function formatProblem({ file, line, column, text, message, instead, isMissing }: Problem): string {
  const shown = text === null || text.trim() === '' ? [] : [`${String(line).padStart(5)} | ${text}`];
  const fix = instead === null ? [] : [isMissing ? '  Add:' : '  Write instead:', indent(instead, 6)];
  return [`${file}:${line}:${column}`, `  ${message}`, ...shown, ...fix].join('\n');
}

function indent(text: string, spaces: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(spaces));
}
