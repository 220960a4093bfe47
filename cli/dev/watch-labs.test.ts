import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { writeLab } from '../../labs/format/lab-fixture.ts';
import { watchLabs } from './watch-labs.ts';

const folder = mkdtempSync(join(tmpdir(), 'labs-'));
writeLab(folder);
after(() => rmSync(folder, { recursive: true }));

let watching: AsyncDisposable;
let changes: (readonly string[] | null)[] = [];
let told = Promise.withResolvers<void>();
beforeEach(async () => {
  changes = [];
  told = Promise.withResolvers();
  const onChange = (ids: readonly string[] | null) => {
    changes.push(ids);
    told.resolve();
  };
  watching = await watchLabs({ folder, onChange });
});
afterEach(() => watching[Symbol.asyncDispose]());

const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

test("an editor's many strokes are one change, of the lab they belong to", async () => {
  write('try/.lab.yaml.swp', 'swap');
  write('try/4913', '');
  write('try/lab.yaml~', 'new');
  renameSync(join(folder, 'try/lab.yaml~'), join(folder, 'try/lab.yaml'));
  write('try/checks/seen.sh', 'true\n');
  await told.promise;
  assert.deepEqual(changes, [['try']]);
});

test('swap files alone are no change', async () => {
  write('try/.setup.sh.swp', 'swap');
  write('try/checks/.#seen.sh', 'lock');
  write('other.txt', 'the marker that ends this test');
  await told.promise;
  assert.deepEqual(changes, [['other.txt']]);
});

test('a new folder is a change of its own lab, one in the kit of all', async () => {
  mkdirSync(join(folder, 'new-lab'));
  write('new-lab/lab.yaml', '');
  await told.promise;
  assert.deepEqual(changes, [['new-lab']]);
  told = Promise.withResolvers();
  write('kit/10-answer.sh', 'fail() { exit 1; }\n');
  await told.promise;
  assert.deepEqual(changes.at(-1), null);
});
