import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { buildSite } from '../../cli/site/build-site.ts';
import { lazyWeight, pageWeight, total, type Weight } from './page-weight.ts';

const PROJECT = join(import.meta.dirname, '../..');
const DIST = join(PROJECT, 'dist');
const PAGE_BYTES = 26_000; // before a terminal is wanted; a lesson's own text is up to half of it, a figure 700
const FRAME_BYTES = 13_500; // of these, styles and scripts: what does not grow with a lesson
const TERMINAL_BYTES = 120_000; // more, once it is

const AUTHORS_WORDS = ['/author/labs/', 'data-author', 'author-runs', 'EventSource'];

before(() => buildSite({ project: PROJECT, report: () => {} }));

function list(weights: readonly Weight[]): string {
  return weights.map(({ file, bytes }) => `${bytes} ${file}`).join('\n');
}

const lessonPages = () => globSync('{,en/}lessons/*/index.html', { cwd: DIST });

test('every lesson page, before the terminal is wanted, is at most 26 kB of brotli, 13.5 kB without its text', () => {
  assert.ok(lessonPages().length >= 2, 'there is a lesson in both languages');
  for (const page of lessonPages()) {
    const weights = pageWeight(DIST, page);
    assert.ok(weights.some(({ file }) => file.endsWith('.css')) && weights.some(({ file }) => file.endsWith('.js')));
    assert.ok(total(weights) <= PAGE_BYTES, `${page} weighs ${total(weights)} bytes:\n${list(weights)}`);
    const frame = weights.filter(({ file }) => file !== page);
    assert.ok(total(frame) <= FRAME_BYTES, `what ${page} needs weighs ${total(frame)} bytes:\n${list(frame)}`);
  }
});

test('the terminal and its panel are at most 120 kB more, and no page loads them by itself', () => {
  for (const page of lessonPages()) {
    const later = lazyWeight(DIST, page);
    assert.ok(total(later) > 50_000, `the terminal was not found among:\n${list(later)}`);
    assert.ok(total(later) <= TERMINAL_BYTES, `${total(later)} bytes:\n${list(later)}`);
  }
});

test('no page asks anybody but its own server', () => {
  for (const page of globSync('**/*.html', { cwd: DIST })) {
    const html = readFileSync(join(DIST, page), 'utf8');
    const fetched = [...html.matchAll(/<(?:script|img|iframe|source|video|audio)[^>]+src="([^"]+)"/g)];
    const linked = [...html.matchAll(/<link[^>]+href="([^"]+)"/g)];
    for (const [, address = ''] of [...fetched, ...linked]) {
      assert.match(address, /^\/(?!\/)/, `${page} refers to ${address}`);
    }
  }
});

test('nothing of the author’s panel is in a built page: it is of npm run dev alone', () => {
  const panel = globSync('src/client/author/*.ts', { cwd: PROJECT }).map((file) =>
    readFileSync(join(PROJECT, file), 'utf8'),
  );
  for (const words of AUTHORS_WORDS)
    assert.ok(
      panel.some((code) => code.includes(words)),
      `the panel says "${words}"`,
    );
  for (const file of globSync('**/*.{html,js,css}', { cwd: DIST })) {
    const text = readFileSync(join(DIST, file), 'utf8');
    for (const words of AUTHORS_WORDS) assert.ok(!text.includes(words), `${file} contains "${words}"`);
  }
});

test('every text file lies beside its compressed forms', () => {
  for (const file of globSync('**/*.{html,css,js,svg}', { cwd: DIST })) {
    for (const form of ['br', 'gz'])
      assert.ok(readFileSync(join(DIST, `${file}.${form}`)).length > 0, `${file}.${form}`);
  }
});

test('pages hold no answer of a lab: no check script, hint, solution, message or right answer', () => {
  const secret = readFileSync(join(PROJECT, 'labs/docker-group/lab.yaml'), 'utf8');
  const hint = /hints:\n\s+- zh-cn: (.+)\n\s+en: (.+)/.exec(secret);
  const reason = /right:\n\s+zh-cn: (.+)\n\s+en: (.+)/.exec(secret);
  assert.ok(hint && reason, 'the lab has a hint to look for, and why an answer is right');
  for (const file of globSync('**/*.{html,js}', { cwd: DIST })) {
    const text = readFileSync(join(DIST, file), 'utf8');
    for (const words of [hint[1], hint[2], reason[1], reason[2], 'made-readable']) {
      assert.ok(!text.includes(words ?? ''), `${file} contains "${words}"`);
    }
  }
});
