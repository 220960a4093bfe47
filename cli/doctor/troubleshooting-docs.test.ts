import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const PROJECT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(PROJECT, path), 'utf8');
const DOCS = read('docs/troubleshooting.md');
const SOURCES = globSync('{cli,sandbox-server}/**/*.{ts,mjs}', { cwd: PROJECT })
  .filter((path) => !path.endsWith('.test.ts'))
  .map(read)
  .join('\n');

/** What headings quote, cut where the message has something of its own (…). */
function quotedPieces(): string[] {
  const headings = DOCS.split('\n').filter((line) => /^##+ /.test(line));
  const quotes = headings.flatMap((heading) => [...heading.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ''));
  return quotes.flatMap((quote) => quote.split('…').map((piece) => piece.trim())).filter((piece) => piece !== '');
}

test('every message that troubleshooting.md explains is one that Drydock prints', () => {
  const pieces = quotedPieces();
  assert.ok(pieces.length > 10);
  assert.deepEqual(
    pieces.filter((piece) => !SOURCES.includes(piece)),
    [],
  );
});

test('every npm command that troubleshooting.md names exists', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const names = [...DOCS.matchAll(/npm run (?:-s )?([a-z]+)/g)].map((match) => match[1]);
  assert.deepEqual(
    names.filter((name = '') => !(name in scripts)),
    [],
  );
});
