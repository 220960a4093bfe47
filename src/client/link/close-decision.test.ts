import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSE_CODES } from '../../../protocol/close-codes.ts';
import { closeDecision } from './close-decision.ts';

test('every code of the table is followed', () => {
  for (const { code, reconnect, shown } of Object.values(CLOSE_CODES)) {
    const decision = closeDecision(code);
    assert.equal(decision.reconnect, reconnect, `code ${code}`);
    assert.deepEqual(decision.shown, shown);
  }
});

test('a connection that broke without a code is tried again', () => {
  assert.deepEqual(closeDecision(1006), { reconnect: true, shown: null });
});
