import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TEST_LAB } from '../testing/test-lab.ts';
import { liveQuestions, Sheet, sheetAt, sheetRecordSchema } from './sheet.ts';

const [MARK, DOOR, , LAST] = TEST_LAB.steps;
const asked = (sheet: Sheet) => liveQuestions(TEST_LAB, sheet, new Set()).map(({ step, check }) => [step.id, check.id]);

describe('a sheet that is kept while a line of it is asked', () => {
  it('still knows how that line was last answered', () => {
    const sheet = new Sheet(TEST_LAB);
    const [check] = MARK!.checks;
    const { missing } = check!.messages;
    const answer = { message: 'missing', evidence: {} };
    sheet.record(MARK!, check!.id, { status: 'passed', answer: undefined });
    sheet.record(MARK!, check!.id, { status: 'failed', answer, report: missing! });
    const before = sheet.states(new Set());
    sheet.markRunning(MARK!, check!.id);
    assert.equal(sheet.status(MARK!, check!.id), 'running');
    const later = new Sheet(TEST_LAB, sheetRecordSchema.parse(sheet.kept));
    assert.deepEqual(later.states(new Set()), before);
    assert.equal(later.status(MARK!, check!.id), 'lapsed');
  });
});

describe('the sheet of a sandbox that starts at a later step', () => {
  it('asks that step and the optional ones before it, and whether what holds still does', () => {
    assert.deepEqual(asked(new Sheet(TEST_LAB, sheetAt(TEST_LAB, LAST!.id))), [
      ['mark', 'marked'],
      ['door', 'door-gone'],
      ['door', 'mark-kept'],
      ['extra', 'extra-mark'],
      ['last', 'last-mark'],
    ]);
  });

  it('is the same for a later server, which earns nothing of it either', () => {
    const before = new Sheet(TEST_LAB, sheetAt(TEST_LAB, LAST!.id));
    const kept = sheetRecordSchema.parse(JSON.parse(JSON.stringify(before.kept)));
    const after = new Sheet(TEST_LAB, kept);
    assert.deepEqual(after.states(new Set()), before.states(new Set()));
    assert.deepEqual(
      [MARK!, DOOR!, LAST!].map((step) => after.isPrepared(step)),
      [true, true, false],
    );
  });

  it('at the first step is that of a fresh one', () => {
    assert.deepEqual(asked(new Sheet(TEST_LAB, sheetAt(TEST_LAB, MARK!.id))), asked(new Sheet(TEST_LAB)));
  });
});
