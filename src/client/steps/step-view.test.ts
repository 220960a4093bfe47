import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckState, StepState } from '../../../protocol/state.ts';
import { hasLapsed, isEngaged, shownCheck, spokenChanges } from './step-view.ts';

const text = { 'zh-cn': '', en: '' };
const report = { expected: text, seen: text, try: text };

function check(id: string, status: CheckState['status']): CheckState {
  return { id, status, report: status === 'failed' || status === 'lapsed' ? report : null };
}

function step(checks: CheckState[], more: Partial<StepState> = {}): StepState {
  return { id: 'take-root', earned: false, prepared: false, checks, verdict: [], ...more };
}

const facts = { isCurrent: false, asked: false, goals: new Set(['loot']) };

test('a step that nobody has begun shows no failures, although its guards already hold', () => {
  const later = step([check('loot', 'failed'), check('closed', 'passed')]);
  assert.equal(isEngaged(later, facts), false);
  assert.deepEqual(shownCheck(check('loot', 'failed'), false), { id: 'loot', status: 'pending', report: null });
});

test('the current step, an asked one and one with a goal reached show theirs', () => {
  const failed = step([check('loot', 'failed')]);
  assert.equal(isEngaged(failed, { ...facts, isCurrent: true }), true);
  assert.equal(isEngaged(failed, { ...facts, asked: true }), true);
  assert.equal(isEngaged(step([check('loot', 'passed')]), facts), true);
  assert.equal(shownCheck(check('loot', 'failed'), true).report, report);
});

test('what lapsed is shown whether or not the step is current', () => {
  assert.equal(shownCheck(check('loot', 'lapsed'), false).status, 'lapsed');
  assert.equal(hasLapsed(step([check('loot', 'lapsed')], { earned: true })), true);
  assert.equal(hasLapsed(step([check('loot', 'pending')], { earned: true })), false);
  assert.equal(hasLapsed(step([], { earned: true, verdict: [check('use', 'lapsed')] })), true);
});

test('a step that was just earned is said once, without its lines', () => {
  const before = step([check('loot', 'failed')]);
  assert.deepEqual(spokenChanges(before, step([check('loot', 'passed')], { earned: true })), [{ kind: 'earned' }]);
  const earned = step([check('loot', 'passed')], { earned: true });
  assert.deepEqual(spokenChanges(earned, earned), []);
});

test('a part of a verdict that failed is said, a first state is not', () => {
  const verdict = (status: CheckState['status']) => step([], { verdict: [check('attack', status)] });
  assert.deepEqual(spokenChanges(verdict('running'), verdict('failed')), [
    { kind: 'line', check: 'attack', status: 'failed' },
  ]);
  assert.deepEqual(spokenChanges(undefined, verdict('failed')), []);
});
