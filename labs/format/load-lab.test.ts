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

test('a text that lacks a language is an error at its own line', () => {
  assert.equal(
    complaint('title: { zh-cn: 试, en: Try }', 'title: { zh-cn: 试 }'),
    `labs/try/lab.yaml:2:1
  title has no text in English ("en").
  Write instead:
      en: Title`,
  );
});

test('a mistyped field is named together with the field that was meant', () => {
  assert.equal(
    complaint('    hostname: dock', '    hostnam: dock'),
    `labs/try/lab.yaml:4:3
  machines.host needs "hostname".
  Write instead:
      hostname: dock

labs/try/lab.yaml:5:5
  machines.host has no field "hostnam". Did you mean "hostname"?
  Write instead:
      hostname: dock`,
  );
});

test('a field that resembles none is answered with the list of fields', () => {
  assert.equal(
    complaint('    secrets:', '    colour: blue\n    secrets:'),
    `labs/try/lab.yaml:7:5
  machines.host has no field "colour". Its fields are hostname, address, terminals, secrets.`,
  );
});

test('a word that is none of the choices is answered with the nearest', () => {
  assert.equal(
    complaint('kind: explore', 'kind: exlpore'),
    `labs/try/lab.yaml:11:5
  steps.look.kind must be one of explore, attack, defend, and is "exlpore".
  Write instead:
      kind: explore`,
  );
});

test('a name with a space is answered with one that works', () => {
  assert.equal(
    complaint('  look:', '  Look Around:'),
    `labs/try/lab.yaml:10:3
  "Look Around" cannot be a name: use a-z, digits and single hyphens, starting with a letter.
  Write instead:
      look-around:`,
  );
});

test('a value of the wrong kind is answered with an example', () => {
  assert.equal(
    complaint('title: { zh-cn: 试, en: Try }', 'title: Try'),
    `labs/try/lab.yaml:2:1
  title must be a group of fields, and is "Try".
  Write instead:
      title:
        zh-cn: 标题
        en: Title`,
  );
});

test('a text with a colon in it is answered with the same text in quotes', () => {
  assert.equal(
    complaint('title: { zh-cn: 试, en: Try }', 'title:\n  zh-cn: 试\n  en: Try: it\n'),
    `labs/try/lab.yaml:4:7
  This text must stand in quotes: it has ": " in it, or starts with a sign that means something in YAML.
  Write instead:
      en: 'Try: it'`,
  );
});

test('an unclosed bracket is reported where the parser gave up', () => {
  assert.match(
    complaint('{ zh-cn: 试, en: Try }', '{ zh-cn: 试'),
    /^labs\/try\/lab\.yaml:\d+:\d+\n {2}This is not valid YAML: /,
  );
});

test('a script that is missing is named with its path', () => {
  assert.equal(
    complaint('      seen:\n        kind', '      found:\n        kind'),
    `labs/try/lab.yaml:15:7
  steps.look.checks.found needs the script labs/try/checks/found.sh, which does not exist.

labs/try/lab.yaml:29:9
  Step look has no check "seen". It has found.
  Write instead:
      caughtBy: found`,
  );
});

test('a line for a terminal that no machine has is answered with one that exists', () => {
  assert.equal(
    complaint('- alice: touch seen', '- alcie: touch seen'),
    `labs/try/lab.yaml:24:9
  There is no terminal "alcie". The machines have alice.
  Write instead:
      - alice: touch seen`,
  );
});

test('a script that says what no message explains is an error, and so is a message that nobody says', () => {
  assert.equal(
    complaintAbout({ 'try/checks/seen.sh': '[[ -e x ]] || fail lost what=x\n' }),
    `labs/try/lab.yaml:19:9
  The script says "fail lost", and no message explains it.

labs/try/lab.yaml:20:11
  The script never says "fail nothing".`,
  );
});

test('a placeholder that the script gives no evidence for is an error', () => {
  assert.equal(
    complaintAbout({ 'try/checks/seen.sh': '[[ -e x ]] || fail nothing which="$(ls | head)"\n' }),
    `labs/try/lab.yaml:20:11
  {what} is in the text, but "fail nothing" gives no what=….`,
  );
});

test('a guard that no mutant breaks is an error', () => {
  const [withoutMutants] = GOOD_LAB.split('    mutants:');
  assert.equal(
    complaintAbout({ 'try/lab.yaml': `${withoutMutants}`.replace('kind: goal', 'kind: guard') }),
    `labs/try/lab.yaml:15:7
  The guard "seen" is broken by no mutant. Add a mutant with caughtBy: seen.`,
  );
});

test('a mutant may only name messages that its check has', () => {
  assert.equal(
    complaint('        message: nothing', '        message: nothin'),
    `labs/try/lab.yaml:30:9
  "seen" has no message "nothin". It has nothing.
  Write instead:
      message: nothing`,
  );
});

test('a secret that a script mistypes is an error: an empty one would be found in everything', () => {
  const script = (name: string) => ({
    'try/checks/seen.sh': `# $DRYDOCK_SECRET_NONE\n[[ $${name} ]] || fail nothing what=x\n`,
  });
  assert.equal(
    complaintAbout(script('DRYDOCK_SECRET_ROT')),
    `labs/try/lab.yaml:15:7
  The script uses $DRYDOCK_SECRET_ROT, which nobody sets. There is $DRYDOCK_SECRET_ROOT.
  Write instead:
      $DRYDOCK_SECRET_ROOT`,
  );
  assert.match(complaintAbout(script('{DRYDOCK_PROOF}')), /The script uses \$DRYDOCK_PROOF, which nobody sets/);
  assert.equal(loadLab(writeLab(labs, script('DRYDOCK_SECRET_ROOT'))).id, 'try');
});

test('two machines cannot have a secret of the same name: scripts know it by that name everywhere', () => {
  const second =
    '  attacker:\n    hostname: kali\n    terminals: { mallory: mallory }\n    secrets: { root: { path: /x } }\nsteps:';
  assert.match(complaint('steps:', second), /Two secrets are called "root"\./);
});

test('an image that does not exist is answered with one that does', () => {
  assert.equal(
    complaint('image: debian-docker', 'image: debian-doker'),
    `labs/try/lab.yaml:1:1
  There is no image labs/images/debian-doker. There is debian-docker.
  Write instead:
      image: debian-docker`,
  );
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
