import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptAnswers } from './script-answers.ts';

test('every fail of a script is found with its evidence', () => {
  const script = `
    # fail commented-out
    [[ -f $file ]] || fail no-file
    [[ $mode == 660 ]] || fail mode mode="$mode" owner="$(stat -c "%U" x)"; fail other a=1
    cmd ||
      fail long \\
        start="$(head -c 60 "$file")"
    pass`;
  assert.deepEqual(
    scriptAnswers(script).map(({ message, evidence }) => ({ message, evidence })),
    [
      { message: 'no-file', evidence: [] },
      { message: 'mode', evidence: ['mode', 'owner'] },
      { message: 'other', evidence: ['a'] },
      { message: 'long', evidence: ['start'] },
    ],
  );
  for (const { message, offset } of scriptAnswers(script))
    assert.match(script.slice(offset), new RegExp(`^fail ${message}\\b`));
});

test('words that only contain "fail" are none', () => {
  assert.deepEqual(scriptAnswers('curl --fail --silent x\nfailed=1\ngrep -c failure y'), []);
});
