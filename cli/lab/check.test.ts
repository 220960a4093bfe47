import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { GOOD_LAB, writeLab } from '../../labs/format/lab-fixture.ts';
import { check } from './check.ts';

let labs: string;
let said: string[];
const say = (text: string) => said.push(text);
beforeEach(() => {
  said = [];
  labs = mkdtempSync(join(tmpdir(), 'labs-'));
});
afterEach(() => rmSync(labs, { recursive: true }));

test('check ends with 1 and every problem of every lab it was asked about', async () => {
  writeLab(labs, { 'try/lab.yaml': GOOD_LAB.replace('kind: explore', 'kind: exploer') });
  assert.equal(await check([], { labsFolder: labs, say }), 1);
  assert.equal(
    said.join('\n'),
    `labs/try/lab.yaml:11:5
  steps.look.kind must be one of explore, attack, defend, and is "exploer".
   11 |     kind: exploer
  Write instead:
      kind: explore

One problem.`,
  );
});

test('check ends with 0 for labs without a problem', async () => {
  writeLab(labs);
  assert.equal(await check([], { labsFolder: labs, say }), 0);
});

test('a lab that does not exist is an error, not a success over nothing', async () => {
  writeLab(labs);
  await assert.rejects(check(['tyr'], { labsFolder: labs, say }), {
    message: 'There is no lab "tyr".\nThere are: try.',
  });
});
