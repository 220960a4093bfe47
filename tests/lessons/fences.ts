import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Lab, LabLine } from '../../labs/format/lab.ts';
import { commandsIn } from '../../src/text/commands.ts';

/** Something a lesson tells its reader to run, and the output it shows for it, if it does. */
export interface Claim {
  readonly terminal: string;
  readonly commands: readonly string[];
  readonly shown: readonly string[];
}

export interface Lesson {
  readonly id: string;
  readonly locale: string;
  readonly lab: string | undefined;
  readonly steps: readonly string[];
  readonly questions: readonly string[];
  readonly figures: readonly string[];
  /** Headings, code, steps, questions, figures and asides, in the order in which they stand. */
  readonly outline: readonly string[];
  readonly claims: readonly Claim[];
}

export function readLessons(): Lesson[] {
  return globSync('content/*/*.mdx').map((file) => {
    const text = readFileSync(file, 'utf8');
    return {
      id: basename(file, '.mdx'),
      locale: basename(dirname(file)),
      lab: /^lab: (.+)$/m.exec(text)?.[1],
      steps: [...text.matchAll(/<Step id="([^"]+)"/g)].map(([, id = '']) => id),
      questions: [...text.matchAll(/<Question id="([^"]+)"/g)].map(([, id = '']) => id),
      figures: [...text.matchAll(/<Figure id="([^"]+)"/g)].map(([, id = '']) => id),
      outline: outlineOf(text),
      claims: readClaims(text),
    };
  });
}

const FENCE = /^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm;

const LANDMARK = /^(#+) |^```[\s\S]*?^```$|^<(?:Step|Question|Figure) [^>]*>|^<Aside kind="\w+"/gm;

const COMMENT = /(^|\s+)# .*$/gm;

/** What a page is made of apart from its prose: headings and comments in code are prose. */
export function outlineOf(mdx: string): string[] {
  const [, body = ''] = /^---\n[\s\S]*?\n---\n([\s\S]*)$/.exec(mdx) ?? ['', mdx];
  return [...body.matchAll(LANDMARK)].map(([all, heading]) => heading ?? all.replaceAll(COMMENT, ''));
}

/** A block with a terminal is run; a plain `text` block right behind it is what it prints. */
export function readClaims(mdx: string): Claim[] {
  const fences = [...mdx.matchAll(FENCE)].map((match) => {
    const [all, language = '', meta = '', body = ''] = match;
    return { start: match.index, end: match.index + all.length, language, meta, lines: body.trimEnd().split('\n') };
  });
  return fences.flatMap(({ meta, lines, end }, index) => {
    const terminal = /\brun=(\S+)/.exec(meta)?.[1];
    if (terminal === undefined) return [];
    const next = fences[index + 1];
    const isOutput = next?.language === 'text' && mdx.slice(end, next.start).trim() === '';
    return [{ terminal, commands: commandsIn(lines), shown: isOutput ? next.lines : [] }];
  });
}

/** As the lab's solution types them, which knows what a program of its own prompt says. */
export function linesOf({ terminal, commands }: Claim, lab: Lab): LabLine[] {
  const solutions = lab.steps.flatMap(({ solution }) => solution);
  return commands.map((command) => {
    const typed = solutions.find((line) => line.terminal === terminal && line.command === command);
    return typed ?? { terminal, command };
  });
}

const UUID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
const MONTH = /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g;

/** Times, numbers and ids differ from machine to machine; everything else a lesson shows has to be there. */
function normalise(line: string): string {
  return line
    .replace(UUID, 'ID')
    .replace(/\b[0-9a-f]{12,}/g, 'ID')
    .replace(MONTH, 'Mon')
    .replace(/\d+/g, '0')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The lines that a lesson shows and the machine did not print. `…` stands for anything. */
export function missingFrom(output: string, shown: readonly string[]): string[] {
  const printed = output.split('\n').map(normalise);
  return shown.filter((line) => {
    const parts = normalise(line)
      .split('…')
      .map((part) => escapePattern(part));
    const pattern = new RegExp(`^${parts.join('.*')}$`);
    return !printed.some((candidate) => pattern.test(candidate));
  });
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
