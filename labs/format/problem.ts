/** One thing wrong in a lab's files: where, what, and what to write instead. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** Text to put in its place, or null where only the message can say it. */
  readonly instead: string | null;
}

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

export function formatProblem({ file, line, column, message, instead }: Problem): string {
  const place = `${file}:${line}:${column}\n  ${message}`;
  if (instead === null) return place;
  return `${place}\n  Write instead:\n${indent(instead, 6)}`;
}

function indent(text: string, spaces: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(spaces));
}
