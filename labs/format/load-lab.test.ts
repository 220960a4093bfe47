import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { GOOD_LAB, writeLab } from './lab-fixture.ts';
import { loadLab } from './load-lab.ts';
import { loadLabs } from './load-labs.ts';
import { loadPublicLab } from './public-lab.ts';

let labs: string;
beforeEach(() => {
  labs = mkdtempSync(join(tmpdir(), 'labs-'));
});
afterEach(() => rmSync(labs, { recursive: true }));

/** What an author is told when `text` stands in the good lab in place of `good`. */
function complaint(good: string, text: string, files: Record<string, string> = {}): string {
  assert.ok(GOOD_LAB.includes(good), `the good lab has no ${good}`);
  return complaintAbout({ 'try/lab.yaml': GOOD_LAB.replace(good, text), ...files });
}

function complaintAbout(files: Record<string, string>): string {
  const folder = writeLab(labs, files);
  let message = '';
  assert.throws(
    () => loadLab(folder),
    (error: Error) => {
      message = error.message;
      return error.name === 'LabFormatError';
    },
  );
  return message;
}

test('a lab is read with its scripts, its defaults filled in', () => {
  const lab = loadLab(writeLab(labs));
  assert.equal(lab.id, 'try');
  assert.equal(lab.kit, 'fail() { echo "$@"; exit 1; }\n');
  assert.deepEqual(lab.machines[0], {
    role: 'host',
    hostname: 'dock',
    setup: 'true\n',
    terminals: [{ id: 'alice', user: 'alice' }],
    secrets: [{ id: 'root', path: '/root/secret.txt', owner: 'root', mode: 0o600, content: '{random}\n' }],
  });
  const [step] = lab.steps;
  assert.equal(step?.optional, false);
  assert.equal(step?.verdict, null);
  assert.deepEqual(step?.solution, [{ terminal: 'alice', command: 'touch seen' }]);
  assert.deepEqual(step?.checks[0]?.messages.nothing, {
    expected: { 'zh-cn': '有', en: 'There' },
    seen: { 'zh-cn': '没有 {what}', en: 'No {what}' },
    try: { 'zh-cn': '再看', en: 'Look again' },
  });
  assert.equal(step?.checks[0]?.machine, 'host');
});

test('what may ship with a page holds no script, hint, message, solution or secret', () => {
  writeLab(labs);
  const shipped = JSON.stringify(loadPublicLab('try', labs));
  assert.equal(
    shipped,
    '{"id":"try","title":{"zh-cn":"试","en":"Try"},"terminals":[{"id":"alice","user":"alice","machine":"host"}],' +
      '"steps":[{"id":"look","kind":"explore","title":{"zh-cn":"看","en":"Look"},' +
      '"instruction":{"zh-cn":"看看","en":"Look around."},"optional":false,"hintCount":0,' +
      '"checks":[{"id":"seen","line":{"zh-cn":"看过了","en":"Seen"},"kind":"goal"}],"verdict":[]}],"questions":[]}',
  );
});

test('a secret is known to scripts by its name; a comment may say anything', () => {
  const script = '# $DRYDOCK_SECRET_NONE\n[[ $DRYDOCK_SECRET_ROOT ]] || fail nothing what=x\npass\n';
  assert.equal(loadLab(writeLab(labs, { 'try/checks/seen.sh': script })).id, 'try');
});

test('what stands elsewhere in the file may be referred to', () => {
  const [line] = /line: .*/.exec(GOOD_LAB) ?? [''];
  const text = GOOD_LAB.replace(line, `line: &text { zh-cn: 看过了, en: Seen }`).replace(
    /expected: .*/,
    'expected: *text',
  );
  const { expected } = loadLab(writeLab(labs, { 'try/lab.yaml': text })).steps[0]?.checks[0]?.messages.nothing ?? {};
  assert.equal(expected?.en, 'Seen');
});

test('two machines cannot have a secret of the same name: scripts know it by that name everywhere', () => {
  const second =
    '  attacker:\n    hostname: kali\n    terminals: { mallory: mallory }\n    secrets: { root: { path: /x } }\nsteps:';
  assert.match(complaint('steps:', second), /Two secrets are called "root"\./);
});

test('a folder without lab.yaml says how to get one', () => {
  assert.throws(() => loadLab(join(labs, 'none')), {
    message: 'labs/none/lab.yaml:1:1\n  This file does not exist. `npm run lab -- new <id>` writes one to start from.',
  });
});

test('the problems of all labs come together', () => {
  writeLab(labs, { 'try/lab.yaml': GOOD_LAB.replace('hostname: dock', 'hostname: 1') });
  writeLab(labs, {
    'other/lab.yaml': GOOD_LAB.replace('kind: explore', 'kind: x'),
    'other/setup.sh': '',
    'other/checks/seen.sh': 'fail nothing what=x',
    'try/lab.yaml': GOOD_LAB.replace('hostname: dock', 'hostname: 1'),
  });
  assert.throws(
    () => loadLabs(labs),
    (error: Error & { problems?: { file: string }[] }) => {
      assert.deepEqual(
        error.problems?.map(({ file }) => file),
        ['labs/other/lab.yaml', 'labs/try/lab.yaml'],
      );
      return true;
    },
  );
});
