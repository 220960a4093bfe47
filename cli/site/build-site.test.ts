import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSite } from './build-site.ts';

function project() {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-'));
  mkdirSync(join(folder, 'content'));
  writeFileSync(join(folder, 'content/lesson.mdx'), '# One');
  return folder;
}

const report = () => {};

async function build(folder: string) {
  return buildSite({
    project: folder,
    report,
    build: async (from, to) => writeFileSync(join(to, 'index.html'), readFileSync(join(from, 'content/lesson.mdx'))),
  });
}

test('the site is built once for the same inputs, and again when one changes', async () => {
  const folder = project();
  assert.equal(await build(folder), 'built');
  assert.equal(await build(folder), 'unchanged');
  writeFileSync(join(folder, 'content/lesson.mdx'), '# Two');
  assert.equal(await build(folder), 'built');
  assert.equal(readFileSync(join(folder, 'dist/index.html'), 'utf8'), '# Two');
});

test('who wants the site while another builds it waits, and finds it built', async () => {
  const folder = project();
  assert.deepEqual((await Promise.all([build(folder), build(folder)])).sort(), ['built', 'unchanged']);
});

test('a new file makes the site stale', async () => {
  const folder = project();
  await build(folder);
  writeFileSync(join(folder, 'content/another.mdx'), '');
  assert.equal(await build(folder), 'built');
});

test('a failed build leaves the last site as it was and no draft behind', async () => {
  const folder = project();
  await build(folder);
  writeFileSync(join(folder, 'content/lesson.mdx'), '# Broken');
  const failure = new Error('no such component');
  const failing = async (_project: string, to: string) => {
    writeFileSync(join(to, 'index.html'), 'half');
    throw failure;
  };
  await assert.rejects(buildSite({ project: folder, report, build: failing }), failure);
  assert.equal(readFileSync(join(folder, 'dist/index.html'), 'utf8'), '# One');
  assert.deepEqual(readdirSync(join(folder, 'node_modules/.cache/drydock')), []);
});

test('a draft whose maker was killed is cleared away', async () => {
  const folder = project();
  const abandoned = join(folder, 'node_modules/.cache/drydock/site-4194999');
  mkdirSync(abandoned, { recursive: true });
  await build(folder);
  assert.equal(existsSync(abandoned), false);
});
