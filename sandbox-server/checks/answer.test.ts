import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readKit } from '../../labs/format/kit.ts';
import { parseAnswer } from './answer.ts';

const KIT = readKit(join(import.meta.dirname, '../../labs'));

describe('what a check prints', () => {
  it('is read from its last line that is not blank', () => {
    assert.deepEqual(parseAnswer('noise key=1\nold-login pid=42 command=bash\n\n'), {
      message: 'old-login',
      evidence: { pid: '42', command: 'bash' },
    });
    assert.deepEqual(parseAnswer('passed'), { message: 'passed', evidence: {} });
  });

  it('may hold values in double quotes, with a backslash before a quote or a backslash', () => {
    assert.deepEqual(parseAnswer(String.raw`held command="say \"hi\" C:\\x" empty="" also=`), {
      message: 'held',
      evidence: { command: String.raw`say "hi" C:\x`, empty: '', also: '' },
    });
  });

  it('is nothing when it has any other form', () => {
    for (const line of [
      '',
      'Message here',
      'held pid=',
      'held pid="open',
      'held 42',
      'held "x"',
      'held a="b"c',
      '-x',
    ]) {
      const expected = line === 'held pid=' ? { message: 'held', evidence: { pid: '' } } : undefined;
      assert.deepEqual(parseAnswer(line), expected, line);
    }
  });

  it('cannot draw on the page, turn text around or fill it', () => {
    const esc = String.fromCharCode(27);
    const answer = parseAnswer(`held a="x${esc}[2Jy" b="\u202Eabc" c="${'z'.repeat(500)}"`);
    assert.equal(answer?.evidence.a, 'x [2Jy');
    assert.equal(answer?.evidence.b, ' abc');
    assert.equal(answer?.evidence.c, `${'z'.repeat(199)}…`);
  });

  it('arrives as the kit sent it, whatever it is', () => {
    const value = fc.string({ maxLength: 40 }).filter((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text));
    fc.assert(
      fc.property(value, (text) => {
        const script = `${KIT}\nanswer held value="$1"`;
        const printed = execFileSync('bash', ['-c', script, 'bash', text], { encoding: 'utf8' });
        assert.deepEqual(parseAnswer(printed), { message: 'held', evidence: { value: text } });
      }),
      { numRuns: 50 },
    );
  });

  it('never makes the reader fail', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void parseAnswer(`x ${text}`)));
  });
});
