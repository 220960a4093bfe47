import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findImports, findViolations } from './imports.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Tests may name a driver and build what they like. */
function projectFiles() {
  return globSync('{protocol,labs,src,content,sandbox-server,cli}/**/*.{ts,mjs,astro,mdx}', { cwd: PROJECT })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => ({ path, text: readFileSync(join(PROJECT, path), 'utf8') }));
}

test('imports go one way', () => {
  const files = projectFiles();
  assert.ok(files.length > 20, `only ${files.length} files found`);
  assert.deepEqual(findViolations(files), []);
});

function violation(path: string, specifier: string) {
  return findViolations([{ path, text: `import { x } from '${specifier}';` }]);
}

test('an import in the wrong direction is found', () => {
  assert.deepEqual(violation('src/client/page.ts', '../../sandbox-server/errors.ts'), [
    'src/client/page.ts (page) may not import sandbox-server/errors.ts (server basics).',
  ]);
  assert.deepEqual(violation('src/pages/index.astro', '../../labs/docker-group/lab.ts'), [
    'src/pages/index.astro (site) may not import labs/docker-group/lab.ts (no layer).',
  ]);
  assert.deepEqual(violation('sandbox-server/sandboxes/pool.ts', '../attempts/attempt.ts'), [
    'sandbox-server/sandboxes/pool.ts (sandboxes) may not import sandbox-server/attempts/attempt.ts (attempts).',
  ]);
  assert.deepEqual(violation('sandbox-server/attempts/registry.ts', '../machines/fake/driver.ts'), [
    'sandbox-server/attempts/registry.ts (attempts) may not import sandbox-server/machines/fake/driver.ts (fake driver).',
  ]);
  assert.deepEqual(violation('protocol/state.ts', 'node:fs'), [
    'protocol/state.ts (protocol) runs in browsers and may not import node:fs.',
  ]);
  assert.deepEqual(violation('cli/preflight/npm.mjs', 'zod'), [
    'cli/preflight/npm.mjs runs before npm packages are there: no zod.',
  ]);
});

test('an import in the right direction is left alone', () => {
  assert.deepEqual(violation('sandbox-server/attempts/attempt.ts', '../sandboxes/sandbox.ts'), []);
  assert.deepEqual(violation('sandbox-server/compose.ts', './machines/local/driver.ts'), []);
  assert.deepEqual(violation('src/lessons/lab.ts', '../../labs/format/load-lab.ts'), []);
  assert.deepEqual(violation('sandbox-server/gateway/http.ts', 'fastify'), []);
});

test('every way to write an import is seen', () => {
  const text = `---
import Base from '../layouts/base.astro';
---
import type { A } from './a.ts';
import {
  b,
} from './b.ts';
import './c.css';
export { d } from './d.ts';
const e = await import('./e.ts');
`;
  assert.deepEqual(findImports(text), ['../layouts/base.astro', './a.ts', './b.ts', './c.css', './d.ts', './e.ts']);
});
