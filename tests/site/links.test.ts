import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { buildSite } from '../../cli/site/build-site.ts';
import { badExternalLinks, badSwitches, brokenLinks, isExternal, readPage, readSite, type SitePage } from './links.ts';

const PROJECT = join(import.meta.dirname, '../..');
const DIST = join(PROJECT, 'dist');

let pages: SitePage[];

before(async () => {
  await buildSite({ project: PROJECT, report: () => {} });
  pages = readSite(DIST);
});

test('every link of the site leads to a page or file that is there, and to an anchor that it has', () => {
  const files = new Set(globSync('**/*.*', { cwd: DIST }).map((file) => `/${file}`));
  assert.ok(pages.flatMap(({ links }) => links).filter((link) => link.includes('#')).length > 100);
  assert.deepEqual(brokenLinks(pages, files), []);
});

test('the language switch leads to the same page in the other language', () => {
  assert.ok(pages.length > 20);
  assert.deepEqual(badSwitches(pages), []);
});

test('every link out of the site is well-formed and https', () => {
  assert.ok(new Set(pages.flatMap(({ links }) => links.filter(isExternal))).size > 20);
  assert.deepEqual(badExternalLinks(pages), []);
});

test('a page cites the same sources in both languages', () => {
  const cited = ({ links }: SitePage) => [...new Set(links.filter(isExternal))].sort();
  for (const page of pages) {
    const other = pages.find(({ path }) => path === page.translation);
    assert.deepEqual(other && cited(other), cited(page), page.path);
  }
});

test('what leads nowhere is found', () => {
  const one = readPage(
    '/one/',
    `<html lang="en"><a href="/two/#here">a</a><a href="/two/#gone">b</a><a href="/three/">c</a><a href="#top">d</a>
     <a href="/two/" data-language>e</a><img alt="" src="/f.svg"><a href="http://x.example/">f</a><a href="https://y">g</a>`,
  );
  const two = readPage('/two/', '<html lang="en"><h2 id="here">h</h2><a href="/one/" data-language>i</a>');
  assert.deepEqual(brokenLinks([one, two], new Set(['/f.svg'])), [
    '/one/ links to /two/#gone, and /two/ has no such anchor.',
    '/one/ links to /three/, and there is no such page.',
    '/one/ links to #top, and /one/ has no such anchor.',
  ]);
  assert.deepEqual(badExternalLinks([one, two]), ['/one/ links to http://x.example/', '/one/ links to https://y']);
  assert.deepEqual(badSwitches([one, two]), ['/one/ switches to /two/', '/two/ switches to /one/']);
});
