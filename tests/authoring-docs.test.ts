import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { readKit } from '../labs/format/kit.ts';

const authoring = readFileSync('docs/authoring.md', 'utf8');

test('docs/authoring.md lists every helper of the kit, and none that does not exist', () => {
  const defined = [...readKit('labs').matchAll(/^([a-z_]+)\(\)/gm)].map(([, name = '']) => name);
  const [, scripts = ''] = authoring.split('\n## Scripts\n');
  const listed = [...scripts.matchAll(/^\| `([a-z_]+)/gm)].map(([, name = '']) => name);
  const inner = ['answer', 'quoted', 'command_not_found_handle'];
  assert.deepEqual(listed.sort(), defined.filter((name) => !inner.includes(name)).sort());
});

test('Chinese lessons and labs write terms as content/terms.yaml has them', () => {
  const terms = parse(readFileSync('content/terms.yaml', 'utf8')) as { avoid?: string[] }[];
  const avoided = terms.flatMap(({ avoid = [] }) => avoid);
  assert.ok(avoided.length > 0);
  for (const file of globSync(['content/zh-cn/*.mdx', 'labs/*/lab.yaml', 'cli/lab/skeleton/lab.yaml'])) {
    const text = readFileSync(file, 'utf8');
    for (const word of avoided) assert.ok(!text.includes(word), `${file} says "${word}"`);
  }
});
