import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { anchorsOf, type DocsPage, linksOf, PROJECT, readPages } from './pages.ts';

/** What is wrong with a page's links, one sentence each. */
function brokenLinks({ path, text }: DocsPage): string[] {
  return linksOf(text).flatMap(({ target }) => {
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : join(dirname(path), file);
    if (file !== '' && !existsSync(join(PROJECT, linked))) {
      return [`${path} links to ${target}, and there is no ${linked}.`];
    }
    if (anchor === undefined) return [];
    const anchors = anchorsOf(file === '' ? text : readFileSync(join(PROJECT, linked), 'utf8'));
    return anchors.has(anchor) ? [] : [`${path} links to ${target}, and ${linked} has no such heading.`];
  });
}

test('every link in README and docs leads to a file, and to a heading that it has', () => {
  const pages = readPages();
  assert.ok(pages.flatMap(({ text }) => linksOf(text)).length > 50);
  assert.deepEqual(pages.flatMap(brokenLinks), []);
});

test('a link to a missing file or heading is found, one inside code is none', () => {
  const text = '[a](gone.md) [b](protocol.md#no-such) [c](#here) [d](https://x.example/)\n\n# Here\n\n`[e](gone.md)`';
  assert.deepEqual(brokenLinks({ path: 'docs/example.md', text }), [
    'docs/example.md links to gone.md, and there is no docs/gone.md.',
    'docs/example.md links to protocol.md#no-such, and docs/protocol.md has no such heading.',
  ]);
});

test('every page of docs is linked to from another one', () => {
  const pages = readPages();
  const linked = new Set(
    pages.flatMap(({ path, text }) =>
      linksOf(text)
        .map(({ target }) => join(dirname(path), target.split('#')[0] ?? ''))
        .filter((target) => target !== path),
    ),
  );
  const alone = pages.map(({ path }) => path).filter((path) => path.startsWith('docs/') && !linked.has(path));
  assert.deepEqual(alone, []);
});

test('every test that the threat model cites exists in the file it names', () => {
  const path = 'docs/threat-model.md';
  const citations = linksOf(readFileSync(join(PROJECT, path), 'utf8')).filter(({ text }) => text.startsWith('"'));
  assert.ok(citations.length > 30);
  for (const { text, target } of citations) {
    const source = readFileSync(join(PROJECT, dirname(path), target), 'utf8');
    assert.ok(source.includes(text.slice(1, -1)), `${target} has no test ${text}`);
  }
});
