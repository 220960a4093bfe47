import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROJECT } from './pages.ts';

/** Folders of the tree in docs/architecture.md, two levels, as paths. */
function listedFolders(): string[] {
  const page = readFileSync(join(PROJECT, 'docs/architecture.md'), 'utf8');
  const [, tree = ''] = /\n## Folders\n[\s\S]*?```text\n([\s\S]*?)```/.exec(page) ?? [];
  let top = '';
  return [...tree.matchAll(/^( *)([\w.-]+)\/ *(?=\s)/gm)].map(([, indent = '', name = '']) => {
    if (indent === '') top = name;
    return indent === '' ? name : `${top}/${name}`;
  });
}

/** Without what git leaves out, and without labs, which come and go. */
function projectFolders(): string[] {
  const ignored = readFileSync(join(PROJECT, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('*'))
    .map((line) => line.replace(/\/$/, ''));
  const entries = globSync(['*', '.*', '*/*'], { cwd: PROJECT, withFileTypes: true, exclude: [...ignored, '.git'] });
  return entries
    .filter((entry) => entry.isDirectory() && !ignored.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(PROJECT.length + 1))
    .filter((path) => path !== '' && path !== '.git' && !existsSync(join(PROJECT, path, 'lab.yaml')));
}

test('docs/architecture.md names every folder of the top two levels, and none that does not exist', () => {
  assert.deepEqual(listedFolders().sort(), projectFolders().sort());
});
