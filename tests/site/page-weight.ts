import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

export interface Weight {
  readonly file: string;
  readonly bytes: number;
}

/** What a browser fetches to show a page, each file as brotli: the page, its styles, its scripts and what they import. */
export function pageWeight(dist: string, page: string): Weight[] {
  const html = readFileSync(join(dist, page), 'utf8');
  const styles = [...html.matchAll(/<link[^>]+rel="stylesheet"[^>]*href="([^"]+)"/g)].map(([, href = '']) => href);
  const scripts = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(([, src = '']) => src);
  const icons = [...html.matchAll(/<link[^>]+rel="icon"[^>]*href="([^"]+)"/g)].map(([, href = '']) => href);
  const files = [...styles, ...icons, ...closure(dist, scripts, STATIC_IMPORT)].map((file) => file.replace(/^\//, ''));
  return [page, ...new Set(files)].map((file) => weigh(dist, file));
}

/** What is fetched later, once a machine is wanted: chunks that the page's scripts import on demand, and theirs. */
export function lazyWeight(dist: string, page: string): Weight[] {
  const eager = new Set(pageWeight(dist, page).map(({ file }) => file));
  const roots = [...eager].filter((file) => file.endsWith('.js')).map((file) => `/${file}`);
  const all = closure(dist, roots, ANY_IMPORT).map((file) => file.replace(/^\//, ''));
  return all.filter((file) => !eager.has(file)).map((file) => weigh(dist, file));
}

export function total(weights: readonly Weight[]): number {
  return weights.reduce((sum, { bytes }) => sum + bytes, 0);
}

const STATIC_IMPORT = /(?:import|from)\s*["'`](\.[^"'`]+\.js)["'`]/g;
const ANY_IMPORT = /(?:import\s*\(?|from)\s*["'`](\.[^"'`]+\.js)["'`]/g;

function closure(dist: string, roots: readonly string[], imports: RegExp): string[] {
  const found = new Set(roots);
  for (const file of found) {
    const code = readFileSync(join(dist, file), 'utf8');
    for (const [, target = ''] of code.matchAll(imports)) {
      const path = normalize(join(dirname(file), target));
      if (existsSync(join(dist, path))) found.add(path);
    }
  }
  return [...found];
}

function weigh(dist: string, file: string): Weight {
  return { file, bytes: brotliCompressSync(readFileSync(join(dist, file))).length };
}
