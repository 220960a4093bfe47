import assert from 'node:assert/strict';
import { test } from 'node:test';
import { select } from '../test.ts';
import { parseNodeCounts, parsePlaywrightCounts } from './counts.ts';
import { STAGES } from './stages.ts';
import { add, isGreen, judge, NOTHING, ONE_FAILED, ONE_PASSED, summarise } from './tally.ts';

test('the last line counts what passed and failed, and what was skipped only when something was', () => {
  assert.equal(summarise(add(ONE_PASSED, ONE_FAILED)), '1 passed, 1 failed');
  assert.equal(summarise({ passed: 12, failed: 0, skipped: 3 }), '12 passed, 0 failed, 3 skipped');
});

test('nothing run is not green', () => {
  assert.equal(isGreen(NOTHING), false);
  assert.equal(isGreen({ passed: 0, failed: 0, skipped: 5 }), false);
  assert.equal(isGreen(add(ONE_PASSED, ONE_FAILED)), false);
  assert.equal(isGreen(ONE_PASSED), true);
});

test('a runner that dies, fails without a failed test or finds no test counts as failed', () => {
  assert.deepEqual(judge(undefined, 0), ONE_FAILED);
  assert.deepEqual(judge(ONE_PASSED, 1), add(ONE_PASSED, ONE_FAILED));
  assert.deepEqual(judge(NOTHING, 0), ONE_FAILED);
  assert.deepEqual(judge(ONE_PASSED, 0), ONE_PASSED);
  assert.deepEqual(judge(ONE_FAILED, 1), ONE_FAILED);
});

test("node's counts are read; a cancelled test has failed", () => {
  const text = '{"tests":9,"failed":1,"passed":5,"cancelled":1,"skipped":1,"todo":1,"topLevel":9,"suites":0}';
  assert.deepEqual(parseNodeCounts(text), { passed: 5, failed: 2, skipped: 2 });
  assert.equal(parseNodeCounts(''), undefined);
});

test("Playwright's counts are read; a flaky test has failed", () => {
  const text = '{"stats":{"expected":4,"unexpected":1,"flaky":1,"skipped":2,"duration":1.5}}';
  assert.deepEqual(parsePlaywrightCounts(text), { passed: 4, failed: 2, skipped: 2 });
  assert.equal(parsePlaywrightCounts('{}'), undefined);
});

test('stages are selected by name, and an unknown name is refused', () => {
  assert.deepEqual(select(STAGES, []), STAGES);
  assert.deepEqual(new Set(select(STAGES, ['unit']).map(({ name }) => name)), new Set(['unit']));
  assert.throws(() => select(STAGES, ['unti']), /There is no stage "unti"\.\nThere are: types, lint, unit/);
});
