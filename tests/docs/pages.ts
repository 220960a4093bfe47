import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PROJECT = join(import.meta.dirname, '../..');

export interface DocsPage {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
}

export function readPages(): DocsPage[] {
  const paths = globSync(['*.md', 'docs/**/*.md'], { cwd: PROJECT }).sort();
  return paths.map((path) => ({ path, text: readFileSync(join(PROJECT, path), 'utf8') }));
}

export interface Link {
  readonly text: string;
  /** As it is written; what leads out of the project is left out. */
  readonly target: string;
}

const LINK = /\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g;
const CODE = /^```[\s\S]*?^```$|`[^`\n]*`/gm;

export function linksOf(page: string): Link[] {
  // A link's text may itself be code, so only what the code holds is taken out.
  const text = page.replace(CODE, (code) => (code.startsWith('```') ? '' : code.replaceAll(/[[\]()]/g, '')));
  return [...text.matchAll(LINK)]
    .map(([, text = '', target = '']) => ({ text, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** Of its headings, as GitHub makes them. */
export function anchorsOf(page: string): Set<string> {
  const headings = [...page.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)];
  const anchor = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  return new Set(headings.map(([, heading = '']) => anchor(heading)));
}
