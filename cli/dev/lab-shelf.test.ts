import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { GOOD_LAB, writeLab } from '../../labs/format/lab-fixture.ts';
import { LabShelf } from './lab-shelf.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labs-'));
  writeLab(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const save = (lab: string, more: Record<string, string> = {}) => writeLab(folder, { 'try/lab.yaml': lab, ...more });

test('a lab that is read again is in force; one that says the same is not told of', () => {
  const shelf = new LabShelf(folder);
  assert.deepEqual(shelf.read('try'), { id: 'try', kind: 'same' });
  save(GOOD_LAB.replace('Look around.', 'Look about.'));
  assert.deepEqual(shelf.read('try'), { id: 'try', kind: 'changed' });
  assert.equal(shelf.labs.get('try')?.steps[0]?.instruction.en, 'Look about.');
});

test('a lab that is wrong takes nothing away from the one in force, and says what is wrong until it is mended', () => {
  const shelf = new LabShelf(folder);
  save(GOOD_LAB.replace('kind: explore', 'kind: exlpore'));
  assert.equal(shelf.read('try').kind, 'wrong');
  assert.equal(shelf.labs.get('try')?.steps[0]?.kind, 'explore');
  assert.deepEqual(
    shelf.problems.map(({ file, line, instead }) => [file, line, instead]),
    [['labs/try/lab.yaml', 11, 'kind: explore']],
  );
  save(GOOD_LAB);
  assert.equal(shelf.read('try').kind, 'mended');
  assert.deepEqual(shelf.problems, []);
});

test('one broken lab keeps no other from being used, and is there as soon as it is right', () => {
  save(': no', {
    'other/lab.yaml': GOOD_LAB,
    'other/setup.sh': '',
    'other/checks/seen.sh': '[[ -e x ]] || fail nothing what=x\npass\n',
  });
  const shelf = new LabShelf(folder);
  assert.deepEqual([...shelf.labs.keys()], ['other']);
  save(GOOD_LAB);
  assert.equal(shelf.read('try').kind, 'new');
});

test('a lab whose folder is gone is in force no more', () => {
  const shelf = new LabShelf(folder);
  rmSync(join(folder, 'try'), { recursive: true });
  assert.equal(shelf.read('try').kind, 'gone');
  assert.equal(shelf.read('try').kind, 'same');
  assert.equal(shelf.labs.size, 0);
});
