import { styleText } from 'node:util';
import type { Finding, Level, Section } from './finding.ts';

const MARKS: Readonly<Record<Level, string>> = { good: '✓', note: '!', lack: '✗' };
const COLOURS = { good: 'green', note: 'yellow', lack: 'red' } as const satisfies Record<Level, string>;

const SUBJECT_WIDTH = 14;
const TEXT_WIDTH = 84;
/** Mark, blank, subject, blank, behind the indentation of a section. */
const TEXT_INDENT = ' '.repeat(2 + 2 + SUBJECT_WIDTH + 1);

export interface ReportOptions {
  /** For terminals. */
  readonly colour: boolean;
  /** The last lines; default: what is in the way of serving. */
  readonly summary?: string;
}

/** For people. */
export function report(sections: readonly Section[], { colour, summary }: ReportOptions): string {
  const parts = sections.map(({ title, findings }) =>
    [title, ...findings.map((finding) => row(finding, colour))].join('\n'),
  );
  return [...parts, summary ?? summarize(sections)].join('\n\n');
}

function row({ level, subject, text, fix }: Finding, colour: boolean): string {
  const mark = colour ? styleText(COLOURS[level], MARKS[level], { validateStream: false }) : MARKS[level];
  // A subject longer than its column pushes only the first line.
  const first = `  ${mark} ${subject.padEnd(SUBJECT_WIDTH)} `;
  const lines = [...wrap(text), ...(fix === undefined ? [] : wrap(`→ ${fix}`))];
  return first + lines.join(`\n${TEXT_INDENT}`);
}

/** Commands stay whole, so that they can be copied. */
function wrap(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('  ') ? [line] : wrapLine(line)));
}

function wrapLine(line: string): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > TEXT_WIDTH) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

export function isReady(sections: readonly Section[]): boolean {
  return count(sections, 'lack') === 0;
}

function count(sections: readonly Section[], level: Level): number {
  return sections.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;
}

function summarize(sections: readonly Section[]): string {
  const lacks = count(sections, 'lack');
  const notes = count(sections, 'note') > 0 ? ' What is marked ! works; read it once.' : '';
  if (lacks === 0) return `Everything that "npm start" needs is there.${notes}`;
  const things = lacks === 1 ? 'One thing is' : `${lacks} things are`;
  return `${things} in the way of serving, marked ✗: do what its arrow says, then look again with "npm run doctor". More in docs/troubleshooting.md.`;
}

/** For programs. A section's name and a finding's fields stay; subjects and texts may change. */
export function reportJson(sections: readonly Section[]): string {
  return JSON.stringify({ ready: isReady(sections), sections }, null, 2);
}
