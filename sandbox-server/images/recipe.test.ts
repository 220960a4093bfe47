import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { filesOf, readRecipe, scriptsOf } from './recipe.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  write('agent/agent.py', 'pass\n');
  write('images/base/image.yaml', 'suite: trixie\npackages: [curl]\n');
  write('images/base/customize.sh', 'true\n');
  write('images/base/prepare.sh', 'true\n');
  write('images/base/files/etc/motd', 'base\n');
  write('images/own/image.yaml', 'from: base\npackages: [nmap]\n');
  write('images/own/files/etc/motd', 'own\n');
  write('images/own/files/opt/tool', 'tool\n');
  write('images/own/prepare.sh', 'true\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const read = (image: string) => readRecipe(join(folder, 'images'), image, join(folder, 'agent'));
const keyOf = async (image: string) => (await read(image)).key;

test('what an image adds comes after what it is from, where it adds something', async () => {
  const recipe = await read('own');
  const image = (name: string) => join(folder, 'images', name);
  assert.deepEqual(recipe.packages, ['curl', 'nmap']);
  assert.deepEqual(await scriptsOf(recipe, 'customize.sh'), [join(image('base'), 'customize.sh')]);
  assert.deepEqual(
    await scriptsOf(recipe, 'prepare.sh'),
    ['base', 'own'].map((name) => join(image(name), 'prepare.sh')),
  );
  assert.deepEqual(await filesOf(recipe), [
    [join(image('base'), 'files/etc')],
    ['etc', 'opt'].map((name) => join(image('own'), 'files', name)),
  ]);
});

test('an image is another one when it changes, or what it is from; what it is from stays what it was', async () => {
  const [base, own] = [await keyOf('base'), await keyOf('own')];
  assert.match(own, /^own-[0-9a-f]{16}$/);
  write('images/own/files/opt/tool', 'a better tool\n');
  assert.equal(await keyOf('base'), base);
  assert.notEqual(await keyOf('own'), own);
  const changed = await keyOf('own');
  write('images/base/customize.sh', 'false\n');
  assert.notEqual(await keyOf('base'), base);
  assert.notEqual(await keyOf('own'), changed);
});
