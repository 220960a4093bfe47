import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { GOOD_LAB, writeLab } from './lab-fixture.ts';
import { loadLab } from './load-lab.ts';
import { LabFormatError } from './problem.ts';
import { scriptSyntaxProblems } from './script-syntax.ts';

interface Mistake {
  readonly mistake: string;
  /** Beside those of the good lab, or in their place. */
  readonly files: Readonly<Record<string, string>>;
  /** All that is printed. */
  readonly told: string;
}

function spoilt(good: string, text: string): Record<string, string> {
  assert.ok(GOOD_LAB.includes(good), `the good lab has no ${good}`);
  return { 'try/lab.yaml': GOOD_LAB.replace(good, text) };
}

/** Everything that is known to go wrong when labs are written. Long, since it is a table. */
const MISTAKES: readonly Mistake[] = [
  {
    mistake: 'a misspelt field',
    files: spoilt('    hostname: dock', '    hostnam: dock'),
    told: `labs/try/lab.yaml:5:5
  machines.host has no field "hostnam". Did you mean "hostname"?
    5 |     hostnam: dock
  Write instead:
      hostname: dock`,
  },
  {
    mistake: 'two letters of a field swapped',
    files: spoilt('        kind: goal', '        knid: goal'),
    told: `labs/try/lab.yaml:16:9
  steps.look.checks.seen has no field "knid". Did you mean "kind"?
   16 |         knid: goal
  Write instead:
      kind: goal`,
  },
  {
    mistake: 'a misspelt language',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title: { zh_cn: 试, en: Try }'),
    told: `labs/try/lab.yaml:2:10
  title has no field "zh_cn". Did you mean "zh-cn"?
    2 | title: { zh_cn: 试, en: Try }
  Write instead:
      zh-cn: 试`,
  },
  {
    mistake: 'a missing language',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title: { zh-cn: 试 }'),
    told: `labs/try/lab.yaml:2:1
  title has no text in English ("en").
    2 | title: { zh-cn: 试 }
  Add:
      en: Title`,
  },
  {
    mistake: 'an empty text',
    files: spoilt('en: Try }', "en: '' }"),
    told: `labs/try/lab.yaml:2:20
  title.en must be text, and is "".
    2 | title: { zh-cn: 试, en: '' }
  Write instead:
      en: Title`,
  },
  {
    mistake: 'a word that is none of the choices',
    files: spoilt('kind: explore', 'kind: exlpore'),
    told: `labs/try/lab.yaml:11:5
  steps.look.kind must be one of explore, attack, defend, and is "exlpore".
   11 |     kind: exlpore
  Write instead:
      kind: explore`,
  },
  {
    mistake: 'a tab',
    files: spoilt('    kind: explore', '\tkind: explore'),
    told: `labs/try/lab.yaml:11:1
  A tab stands at the beginning of this line. YAML is indented with spaces.
   11 | 	kind: explore
  Write instead:
      kind: explore`,
  },
  {
    mistake: 'a field that is there twice',
    files: spoilt('    kind: explore', '    kind: explore\n    kind: attack'),
    told: `labs/try/lab.yaml:12:5
  "kind" stands here twice. Keep one, or give the other a name of its own.
   12 |     kind: attack`,
  },
  {
    mistake: 'a line indented too far',
    files: spoilt('        expected: {', '          expected: {'),
    told: `labs/try/lab.yaml:18:1
  This line is indented by 10 spaces, and no line that it could belong to is. The nearest has 8.
   18 |           expected: { zh-cn: 有, en: There }
  Write instead:
              expected: { zh-cn: 有, en: There }`,
  },
  {
    mistake: 'a line between two columns',
    files: spoilt('        expected: {', '       expected: {'),
    told: `labs/try/lab.yaml:18:1
  This line is indented by 7 spaces, and no line that it could belong to is. The nearest has 8.
   18 |        expected: { zh-cn: 有, en: There }
  Write instead:
              expected: { zh-cn: 有, en: There }`,
  },
  {
    mistake: 'no space behind a colon',
    files: spoilt('    kind: explore', '    kind:explore'),
    told: `labs/try/lab.yaml:11:5
  A space belongs behind the colon.
   11 |     kind:explore
  Write instead:
      kind: explore`,
  },
  {
    mistake: 'a colon in a text',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title:\n  zh-cn: 试\n  en: Try: it'),
    told: `labs/try/lab.yaml:4:7
  This text must stand in quotes: it has ": " in it, or starts with a sign that means something in YAML.
    4 |   en: Try: it
  Write instead:
      en: 'Try: it'`,
  },
  {
    mistake: 'a text that starts with a backquote',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title:\n  zh-cn: 试\n  en: `ls` it'),
    told: `labs/try/lab.yaml:4:7
  This text must stand in quotes: it has ": " in it, or starts with a sign that means something in YAML.
    4 |   en: \`ls\` it
  Write instead:
      en: '\`ls\` it'`,
  },
  {
    mistake: 'a text that starts with an asterisk',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title:\n  zh-cn: 试\n  en: *bold'),
    told: `labs/try/lab.yaml:4:7
  "*bold" refers to what is marked "&bold", and nothing is. A text that starts with * stands in quotes.
    4 |   en: *bold
  Write instead:
      '*bold'`,
  },
  {
    mistake: 'a text that starts with an exclamation mark',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title:\n  zh-cn: 试\n  en: !important'),
    told: `labs/try/lab.yaml:4:7
  This text must stand in quotes: it has ": " in it, or starts with a sign that means something in YAML.
    4 |   en: !important
  Write instead:
      en: '!important'`,
  },
  {
    mistake: 'a quotation mark that is not closed',
    files: spoilt("{ zh-cn: '没有 {what}', en:", "{ zh-cn: '没有 {what}, en:"),
    told: `labs/try/lab.yaml:21:45
  A quotation mark (') is opened in this line and not closed.
   21 |             seen: { zh-cn: '没有 {what}, en: 'No {what}' }`,
  },
  {
    mistake: 'a bracket that is not closed',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title: { zh-cn: 试, en: Try'),
    told: `labs/try/lab.yaml:2:26
  A bracket is opened in this line and not closed.
    2 | title: { zh-cn: 试, en: Try
  Write instead:
      title: { zh-cn: 试, en: Try }`,
  },
  {
    mistake: 'two documents in one file',
    files: spoilt('steps:', '---\nsteps:'),
    told: `labs/try/lab.yaml:9:1
  A file holds one lab: remove the line "---".
    9 | ---`,
  },
  {
    mistake: 'a merge key',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title: { <<: { zh-cn: 试 }, en: Try }'),
    told: `labs/try/lab.yaml:2:1
  title has no text in Chinese ("zh-cn").
    2 | title: { <<: { zh-cn: 试 }, en: Try }
  Add:
      zh-cn: 标题

labs/try/lab.yaml:2:10
  title has no field "<<". Its fields are zh-cn, en.
    2 | title: { <<: { zh-cn: 试 }, en: Try }`,
  },
  {
    mistake: 'a mode without quotes',
    files: spoilt('{ path: /root/secret.txt }', '{ path: /root/secret.txt, mode: 0644 }'),
    told: `labs/try/lab.yaml:8:39
  machines.host.secrets.root.mode must be text like "0600", and is 644.
    8 |       root: { path: /root/secret.txt, mode: 0644 }
  Write instead:
      mode: "0644"`,
  },
  {
    mistake: 'a number for a text',
    files: spoilt('en: Try }', 'en: 12 }'),
    told: `labs/try/lab.yaml:2:20
  title.en must be text, and is 12.
    2 | title: { zh-cn: 试, en: 12 }
  Write instead:
      en: "12"`,
  },
  {
    mistake: 'a command that YAML takes for a truth',
    files: spoilt("- alice: 'true'", '- alice: true'),
    told: `labs/try/lab.yaml:28:13
  steps.look.mutants.blind.lines.0.alice must be text or a group of fields, and is true.
   28 |           - alice: true
  Write instead:
      alice: "true"`,
  },
  {
    mistake: 'a list for a text',
    files: spoilt('title: { zh-cn: 试, en: Try }', 'title: [a]'),
    told: `labs/try/lab.yaml:2:1
  title must be a group of fields, and is a list.
    2 | title: [a]
  Write instead:
      title:
        zh-cn: 标题
        en: Title`,
  },
  {
    mistake: 'a list with nothing in it',
    files: spoilt('    solution:\n      - alice: touch seen\n', '    solution:\n'),
    told: `labs/try/lab.yaml:23:5
  steps.look.solution must be a list, and is null.
   23 |     solution:
  Write instead:
      solution:
        - alice: docker ps`,
  },
  {
    mistake: 'a line for two terminals',
    files: spoilt('      - alice: touch seen', '      - alice: touch seen\n        root: id'),
    told: `labs/try/lab.yaml:24:9
  steps.look.solution.0: each line is typed in one terminal, with a "- " of its own.
   24 |       - alice: touch seen`,
  },
  {
    mistake: 'an unknown terminal',
    files: spoilt('- alice: touch seen', '- alcie: touch seen'),
    told: `labs/try/lab.yaml:24:9
  There is no terminal "alcie". The machines have alice.
   24 |       - alcie: touch seen
  Write instead:
      - alice: touch seen`,
  },
  {
    mistake: 'an unknown machine',
    files: spoilt('        kind: goal', '        kind: goal\n        machine: hots'),
    told: `labs/try/lab.yaml:17:9
  There is no machine "hots". The lab has host.
   17 |         machine: hots
  Write instead:
      machine: host`,
  },
  {
    mistake: 'an unknown image',
    files: spoilt('image: debian-docker', 'image: debian-doker'),
    told: `labs/try/lab.yaml:1:1
  There is no image labs/images/debian-doker. There is debian-docker.
    1 | image: debian-doker
  Write instead:
      image: debian-docker`,
  },
  {
    mistake: 'a message that a check does not have',
    files: spoilt('        message: nothing', '        message: nothin'),
    told: `labs/try/lab.yaml:30:9
  "seen" has no message "nothin". It has nothing.
   30 |         message: nothin
  Write instead:
      message: nothing`,
  },
  {
    mistake: 'a check that a step does not have',
    files: spoilt('        caughtBy: seen', '        caughtBy: seem'),
    told: `labs/try/lab.yaml:29:9
  Step look has no check "seem". It has seen.
   29 |         caughtBy: seem
  Write instead:
      caughtBy: seen`,
  },
  {
    mistake: 'a guard without a mutant',
    files: { 'try/lab.yaml': GOOD_LAB.split('    mutants:')[0]?.replace('kind: goal', 'kind: guard') ?? '' },
    told: `labs/try/lab.yaml:15:7
  The guard "seen" is broken by no mutant: nobody has seen it fail.
   15 |       seen:
  Add:
      mutants:
        without-seen:
          lines:
            - alice: …
          caughtBy: seen
          message: nothing`,
  },
  {
    mistake: 'a name with a space',
    files: spoilt('  look:', '  Look Around:'),
    told: `labs/try/lab.yaml:10:3
  "Look Around" cannot be a name: use a-z, digits and single hyphens, starting with a letter.
   10 |   Look Around:
  Write instead:
      look-around:`,
  },
  {
    mistake: 'no machine',
    files: { 'try/lab.yaml': GOOD_LAB.replace(/machines:[\s\S]*?steps:/, 'machines: {}\nsteps:') },
    told: `labs/try/lab.yaml:3:1
  A lab needs a machine.
    3 | machines: {}
  Write instead:
      machines:
        host:
          hostname: dock`,
  },
  {
    mistake: 'no step',
    files: { 'try/lab.yaml': GOOD_LAB.replace(/steps:[\s\S]*/, 'steps: {}\n') },
    told: `labs/try/lab.yaml:9:1
  A lab needs a step.
    9 | steps: {}`,
  },
  {
    mistake: 'a map that waits for a step there is not',
    files: spoilt('steps:\n', 'map: { after: lok }\nsteps:\n'),
    told: `labs/try/lab.yaml:9:8
  There is no step "lok": the map would never be drawn.
    9 | map: { after: lok }
  Write instead:
      after: look`,
  },
  {
    mistake: 'a step that asks for nothing',
    files: {
      'try/lab.yaml': GOOD_LAB.replace(/ {4}checks:[\s\S]* {4}solution/, '    checks: {}\n    solution').replace(
        / {4}mutants:[\s\S]*/,
        '',
      ),
    },
    told: `labs/try/lab.yaml:14:5
  Step look asks for nothing, so it would be done before anybody began. Give it a check.
   14 |     checks: {}

labs/try/checks/seen.sh:1:1
  Nothing in lab.yaml asks for this script, so it is never run.
    1 | [[ -e /home/alice/seen ]] || fail nothing what=file`,
  },
  {
    mistake: 'an empty file',
    files: { 'try/lab.yaml': '' },
    told: `labs/try/lab.yaml:1:1
  There is nothing in this file. \`npm run lab -- new <id>\` writes one to start from.`,
  },
  {
    mistake: 'a file of another kind',
    files: { 'try/lab.yaml': 'hello\n' },
    told: `labs/try/lab.yaml:1:1
  This file must be a group of fields, and is "hello". \`npm run lab -- new <id>\` writes one to start from.
    1 | hello`,
  },
  {
    mistake: 'a check without its script',
    files: spoilt('      seen:\n        kind', '      seem:\n        kind'),
    told: `labs/try/lab.yaml:15:7
  steps.look.checks.seem needs the script labs/try/checks/seem.sh, which does not exist.
   15 |       seem:

labs/try/lab.yaml:29:9
  Step look has no check "seen". It has seem.
   29 |         caughtBy: seen
  Write instead:
      caughtBy: seem

labs/try/checks/seen.sh:1:1
  Nothing in lab.yaml asks for this script, so it is never run. Did you mean labs/try/checks/seem.sh?
    1 | [[ -e /home/alice/seen ]] || fail nothing what=file
  Write instead:
      mv labs/try/checks/seen.sh labs/try/checks/seem.sh   (a command)`,
  },
  {
    mistake: 'a placeholder in a secret that stands for nothing',
    files: spoilt('{ path: /root/secret.txt }', "{ path: /root/secret.txt, content: '{rnd}' }"),
    told: `labs/try/lab.yaml:8:39
  {rnd} stands for nothing in a secret; {random} becomes 16 hexadecimal characters.
    8 |       root: { path: /root/secret.txt, content: '{rnd}' }
  Write instead:
      content: "{random}"`,
  },
  {
    mistake: 'a misspelt message in a script',
    files: { 'try/checks/seen.sh': '[[ -e x ]] ||\n  fail nothin what=x\npass\n' },
    told: `labs/try/checks/seen.sh:2:3
  No message of steps.look.checks.seen is called "nothin". It has nothing.
    2 |   fail nothin what=x
  Write instead:
      fail nothing`,
  },
  {
    mistake: 'a message in a script that lab.yaml does not explain',
    files: { 'try/checks/seen.sh': '[[ -e x ]] || fail lost\n[[ -e y ]] || fail nothing what=y\npass\n' },
    told: `labs/try/checks/seen.sh:1:15
  No message of steps.look.checks.seen is called "lost". It has nothing.
    1 | [[ -e x ]] || fail lost
  Write instead:
      fail one of them, or add to its messages in lab.yaml:
      lost:
        seen:
          zh-cn: …
          en: …
        try:
          zh-cn: …
          en: …`,
  },
  {
    mistake: 'a placeholder whose evidence is misspelt',
    files: { 'try/checks/seen.sh': '[[ -e x ]] || fail nothing waht="$(ls)"\npass\n' },
    told: `labs/try/checks/seen.sh:1:15
  {what} is in the text of "nothing", and this call of fail gives no what=….
    1 | [[ -e x ]] || fail nothing waht="$(ls)"
  Write instead:
      {waht} in labs/try/lab.yaml, or what=… here`,
  },
  {
    mistake: 'a placeholder that is given nothing',
    files: { 'try/checks/seen.sh': '[[ -e x ]] || fail nothing\npass\n' },
    told: `labs/try/checks/seen.sh:1:15
  {what} is in the text of "nothing", and this call of fail gives no what=….
    1 | [[ -e x ]] || fail nothing
  Write instead:
      fail nothing what="$…"`,
  },
  {
    mistake: 'a misspelt secret',
    files: { 'try/checks/seen.sh': '[[ $DRYDOCK_SECRET_ROT ]] || fail nothing what=x\npass\n' },
    told: `labs/try/checks/seen.sh:1:4
  $DRYDOCK_SECRET_ROT is set by nobody. There is $DRYDOCK_SECRET_ROOT.
    1 | [[ $DRYDOCK_SECRET_ROT ]] || fail nothing what=x
  Write instead:
      $DRYDOCK_SECRET_ROOT`,
  },
  {
    mistake: 'a proof where there is none',
    files: { 'try/checks/seen.sh': '[[ $DRYDOCK_PROOF ]] || fail nothing what=x\npass\n' },
    told: `labs/try/checks/seen.sh:1:4
  $DRYDOCK_PROOF is set by nobody. There is $DRYDOCK_SECRET_ROOT.
    1 | [[ $DRYDOCK_PROOF ]] || fail nothing what=x`,
  },
  {
    mistake: 'line ends of Windows',
    files: { 'try/checks/seen.sh': '[[ -e x ]] || fail nothing what=x\r\npass\r\npass\n' },
    told: `labs/try/checks/seen.sh:1:34
  This script has line ends of Windows, over which bash stumbles.
    1 | [[ -e x ]] || fail nothing what=x
  Write instead:
      sed -i 's/\\r$//' labs/try/checks/seen.sh   (a command, for all of them)`,
  },
  {
    mistake: 'a misspelt helper',
    files: {
      'kit/20-docker.sh': 'docker_api() { :; }\n',
      'try/checks/seen.sh': 'if ! docker_ap GET /info; then fail nothing what=x; fi\npass\n',
    },
    told: `labs/try/checks/seen.sh:1:6
  There is no command "docker_ap". The kit has docker_api.
    1 | if ! docker_ap GET /info; then fail nothing what=x; fi
  Write instead:
      docker_api`,
  },
  {
    mistake: 'a helper with a hyphen',
    files: {
      'kit/20-docker.sh': 'docker_api() { :; }\n',
      'try/checks/seen.sh': 'docker-api GET /info || fail nothing what=x\npass\n',
    },
    told: `labs/try/checks/seen.sh:1:1
  There is no command "docker-api". The kit has docker_api.
    1 | docker-api GET /info || fail nothing what=x
  Write instead:
      docker_api`,
  },
  {
    mistake: 'a slip of the hand',
    files: { 'try/checks/seen.sh': '[[ -e x ]] || fail nothing what=x\npassed\npass\n' },
    told: `labs/try/checks/seen.sh:2:1
  There is no command "passed". The kit has pass.
    2 | passed
  Write instead:
      pass`,
  },
  {
    mistake: 'a misspelt file name',
    files: { 'try/checks/sene.sh': 'true\npass\n' },
    told: `labs/try/checks/sene.sh:1:1
  Nothing in lab.yaml asks for this script, so it is never run.
    1 | true`,
  },
  {
    mistake: 'a script that nothing asks for',
    files: { 'try/steps/lok/verdict/use.sh': 'true\npass\n' },
    told: `labs/try/steps/lok/verdict/use.sh:1:1
  Nothing in lab.yaml asks for this script, so it is never run.
    1 | true`,
  },
  {
    mistake: 'a setup.sh of no machine',
    files: { 'try/machines/hots/setup.sh': 'true\n' },
    told: `labs/try/machines/hots/setup.sh:1:1
  Nothing in lab.yaml asks for this script, so it is never run. Did you mean labs/try/machines/host/setup.sh?
    1 | true
  Write instead:
      mv labs/try/machines/hots/setup.sh labs/try/machines/host/setup.sh   (a command)`,
  },
  {
    mistake: 'a user whom nobody made',
    files: {
      ...spoilt('terminals: { alice: alice }', 'terminals: { alice: alcie }'),
      'images/debian-docker/customize.sh': 'true\n',
      'try/setup.sh': 'useradd --create-home alice\n',
    },
    told: `labs/try/lab.yaml:6:18
  There is no user "alcie" on host: neither its setup.sh nor the image speaks of one.
    6 |     terminals: { alice: alcie }
  Write instead:
      alice: alice`,
  },
  {
    mistake: 'an owner whom nobody made',
    files: {
      ...spoilt('{ path: /root/secret.txt }', '{ path: /root/secret.txt, owner: keeper }'),
      'images/debian-docker/customize.sh': 'true\n',
      'try/setup.sh': 'for user in alice bob; do useradd "$user"; done\n',
    },
    told: `labs/try/lab.yaml:8:39
  There is no user "keeper" on host: neither its setup.sh nor the image speaks of one.
    8 |       root: { path: /root/secret.txt, owner: keeper }
  Write instead:
      useradd --create-home --shell /bin/bash keeper   (in setup.sh)`,
  },
  {
    mistake: 'a message that no script says',
    files: { 'try/checks/seen.sh': '[[ -e x ]] || pass\ncannot_ask why\n' },
    told: `labs/try/lab.yaml:20:11
  The script never says "fail nothing".
   20 |           nothing:`,
  },
  {
    mistake: 'a check that never says that it holds',
    files: { 'try/checks/seen.sh': '[[ -e x ]] || fail nothing what=x\n' },
    told: `labs/try/checks/seen.sh:1:1
  This script never says that it holds: what its last command did would decide. End it with pass.
    1 | [[ -e x ]] || fail nothing what=x
  Write instead:
      [[ -e x ]] || fail nothing what=x
      pass`,
  },
  {
    mistake: 'a script that bash cannot read',
    files: { 'try/checks/seen.sh': 'if [[ -e x ]]; then\n  fail nothing what=x\npass\n' },
    told: `labs/try/checks/seen.sh:4:1
  bash cannot read it: syntax error: unexpected end of file. Something is begun and not ended: if wants fi, do wants done, case wants esac, { wants }.`,
  },
];

function complaintAbout(files: Mistake['files']): string {
  const labs = mkdtempSync(join(tmpdir(), 'labs-'));
  try {
    const folder = writeLab(labs, files);
    const problems = scriptSyntaxProblems(folder);
    if (problems.length > 0) return new LabFormatError(problems).message;
    loadLab(folder);
    return '';
  } catch (cause) {
    if (cause instanceof LabFormatError) return cause.message;
    throw cause;
  } finally {
    rmSync(labs, { recursive: true });
  }
}

for (const { mistake, files, told } of MISTAKES) {
  test(`${mistake} is named with its place and its line`, () => {
    assert.equal(complaintAbout(files), told);
  });
}

test('the good lab has none of these mistakes', () => {
  assert.equal(complaintAbout({}), '');
});
