import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { GOOD_LAB, writeLab } from './lab-fixture.ts';
import { loadLab } from './load-lab.ts';
import { loadPublicLab } from './public-lab.ts';

/** The line that is wrong, as mistakes.test.ts has it. */
const SHOWN_LINE = /\n {2,4}\d+ \| .*/g;

let labs: string;
beforeEach(() => {
  labs = mkdtempSync(join(tmpdir(), 'labs-'));
});
afterEach(() => rmSync(labs, { recursive: true }));

const VERDICT = `    verdict:
      proof: {}
      uses:
        use:
          line: { zh-cn: 用, en: Use }
          expected: { zh-cn: 能用, en: It works }
          tried: { zh-cn: 用过, en: Used }
          messages: {}
      attacks:
        attack:
          line: { zh-cn: 攻, en: Attack }
          expected: { zh-cn: 失败, en: It fails }
          tried: { zh-cn: '试过 {command}', en: 'Tried {command}' }
          messages:
            works:
              seen: { zh-cn: 成了, en: It works }
              try: { zh-cn: 关上, en: Close it }
`;
const WITH_VERDICT = GOOD_LAB.replace('    solution:', `${VERDICT}    solution:`);
const VERDICT_SCRIPTS = {
  'try/steps/look/verdict/proof.sh': 'true\n',
  'try/steps/look/verdict/use.sh': 'pass\n',
  'try/steps/look/verdict/attack.sh': '[[ -e x ]] && fail works\npass command="cat x"\n',
};

/** What an author is told about these files. */
function complaintAbout(files: Record<string, string>): string {
  const folder = writeLab(labs, files);
  try {
    loadLab(folder);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message.replace(SHOWN_LINE, '') : String(error);
  }
}

function complaintAboutVerdict(good: string, text: string, files: Record<string, string> = {}): string {
  assert.ok(WITH_VERDICT.includes(good), `the lab has no ${good}`);
  return complaintAbout({ 'try/lab.yaml': WITH_VERDICT.replace(good, text), ...VERDICT_SCRIPTS, ...files });
}

test('a verdict is read with the scripts of its parts and of its proof, uses first', () => {
  const swapped = WITH_VERDICT.replace(/( {6}uses:[\s\S]*)( {6}attacks:[\s\S]*?)( {4}solution:)/, '$2$1$3');
  const lab = loadLab(writeLab(labs, { 'try/lab.yaml': swapped, ...VERDICT_SCRIPTS }));
  const verdict = lab.steps[0]?.verdict;
  assert.deepEqual(verdict?.proof, { machine: 'host', script: 'true\n' });
  assert.deepEqual(
    verdict?.parts.map(({ id, kind, machine, script, timeoutMs }) => [id, kind, machine, script, timeoutMs]),
    [
      ['use', 'use', 'host', 'pass\n', 60_000],
      ['attack', 'attack', 'host', VERDICT_SCRIPTS['try/steps/look/verdict/attack.sh'], 60_000],
    ],
  );
  assert.deepEqual(verdict?.parts[1]?.tried, { 'zh-cn': '试过 {command}', en: 'Tried {command}' });
  assert.deepEqual(loadPublicLab('try', labs).steps[0]?.verdict[0], {
    ...{ id: 'use', kind: 'use', line: { 'zh-cn': '用', en: 'Use' } },
  });
});

test('a verdict without an attack, and a part whose script is missing, are errors', () => {
  const [withoutAttacks] = VERDICT.split('        attack:');
  const text = GOOD_LAB.replace('    solution:', `${withoutAttacks?.replace('attacks:', 'attacks: {}')}    solution:`);
  assert.equal(
    complaintAbout({ 'try/lab.yaml': text, ...VERDICT_SCRIPTS, 'try/steps/look/verdict/use.sh': 'fail lost\n' })
      .split('\n\n')
      .slice(0, 2)
      .join('\n\n')
      .replace(/\n {2}Write instead:[\s\S]*$/, ''),
    `labs/try/lab.yaml:23:5
  The verdict of step look has no attack. Try one of the attacks that the step defends from.

labs/try/steps/look/verdict/use.sh:1:1
  No message of steps.look.verdict.uses.use is called "lost". It has none.`,
  );
  assert.match(
    complaintAboutVerdict('        use:', '        use-it:'),
    /steps\.look\.verdict\.uses\.use-it needs the script labs\/try\/steps\/look\/verdict\/use-it\.sh, which does not exist\./,
  );
});

test('what was tried is said by every way to pass', () => {
  const script = '[[ -e x ]] && fail works\n[[ -e y ]] || pass\npass command="cat x"\n';
  assert.equal(
    complaintAbout({
      ...{ 'try/lab.yaml': WITH_VERDICT, ...VERDICT_SCRIPTS },
      'try/steps/look/verdict/attack.sh': script,
    }),
    `labs/try/lab.yaml:35:11
  {command} is in the text, but the script passes without command=….`,
  );
});

test('checks and parts of a verdict share their names, which mutants name them by', () => {
  assert.match(
    complaintAboutVerdict('        use:', '        seen:', { 'try/steps/look/verdict/seen.sh': 'pass\n' }),
    /Step look has two lines called "seen": checks, uses and attacks share their names\.\n {2}Write instead:\n {6}use-seen:/,
  );
  assert.equal(
    complaintAboutVerdict('caughtBy: seen', 'caughtBy: atack').split('\n\n')[0],
    `labs/try/lab.yaml:46:9
  Step look has no check "atack". It has seen, use, attack.
  Write instead:
      caughtBy: attack`,
  );
  assert.match(
    complaintAboutVerdict('        use:', '        proof:'),
    /A part cannot be called "proof": verdict\/proof\.sh puts the proof\./,
  );
});

test('where there are two machines, each part and the proof say which is theirs', () => {
  const second = '  attacker:\n    hostname: kali\n    terminals: { mallory: mallory }\nsteps:';
  const files = { 'try/machines/host/setup.sh': '', 'try/machines/attacker/setup.sh': '' };
  const told = complaintAboutVerdict('steps:', second, files);
  for (const path of ['proof', 'uses.use', 'attacks.attack']) {
    const message = `steps.look.verdict.${path} must say on which machine it is asked: host, attacker.`;
    assert.ok(told.includes(message), told);
  }
});
