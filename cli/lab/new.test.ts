import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { check } from './check.ts';
import { LABS_FOLDER } from './find-lab.ts';
import { makeLab } from './new.ts';

let labs: string;
let said: string[];
const say = (text: string) => said.push(text);

beforeEach(() => {
  said = [];
  labs = mkdtempSync(join(tmpdir(), 'labs-'));
  for (const folder of ['kit', 'images']) cpSync(join(LABS_FOLDER, folder), join(labs, folder), { recursive: true });
});
afterEach(() => rmSync(labs, { recursive: true }));

test('a new lab is well written from the start', async () => {
  assert.equal(makeLab(['first-try'], { labsFolder: labs, say }), 0);
  assert.equal(await check(['first-try'], { labsFolder: labs, say }), 0);
  assert.equal(said.at(-1), 'Lab first-try is well written. `npm run lab -- test` proves what it promises.');
});

test('a lab is never written over another', () => {
  makeLab(['one'], { labsFolder: labs, say });
  assert.throws(() => makeLab(['one'], { labsFolder: labs, say }), {
    message: 'labs/one exists already.\nChoose another name.',
  });
});

test('a name that could not be a folder, an address and a variable is refused', () => {
  for (const name of ['../up', 'Upper', 'kit', '-x', 'a b']) {
    assert.throws(() => makeLab([name], { labsFolder: labs, say }), /cannot be the name of a lab/);
  }
});
