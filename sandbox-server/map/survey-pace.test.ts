import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SurveyPace } from './survey-pace.ts';

/** A survey of 200 ms that begins at `at`. */
function survey(pace: SurveyPace, at: number, isSettled: boolean): number | null {
  pace.roundBegins();
  pace.roundEnds({ startedAt: at, now: at + 200, isSettled });
  return pace.dueAt(at + 200);
}

describe('SurveyPace', () => {
  it('asks nothing while nothing happens', () => {
    assert.equal(new SurveyPace().dueAt(1_000), null);
  });

  it('waits for quiet, but not for ever', () => {
    const pace = new SurveyPace();
    pace.noteActivity(1_000);
    assert.equal(pace.dueAt(1_000), 1_250);
    assert.equal(pace.dueAt(2_400), 2_500, 'it has not been quiet since 1000');
    assert.equal(pace.dueAt(9_000), 9_000);
  });

  it('looks once more after each, and no more once that was the same and settled', () => {
    const pace = new SurveyPace();
    pace.noteActivity(1_000);
    assert.equal(survey(pace, 1_250, true), 1_450 + 1_200);
    assert.equal(survey(pace, 2_650, true), null);
  });

  it('goes on looking, ever more seldom, at what does not settle, and gives up', () => {
    const pace = new SurveyPace();
    pace.noteActivity(0);
    const gaps: number[] = [];
    for (let at: number | null = 250; at !== null; ) {
      const next: number | null = survey(pace, at, false);
      if (next !== null) gaps.push(next - at - 200);
      at = next;
    }
    assert.deepEqual(gaps, [1_200, 3_000, 6_000, 12_000, 20_000]);
  });

  it('leaves the machine alone for twice as long as a survey took', () => {
    const pace = new SurveyPace();
    pace.noteActivity(0);
    pace.roundBegins();
    pace.roundEnds({ startedAt: 0, now: 3_000, isSettled: true });
    pace.noteActivity(3_000);
    assert.equal(pace.dueAt(3_000), 9_000);
    pace.roundBegins();
    pace.roundEnds({ startedAt: 9_000, now: 39_000, isSettled: true });
    pace.noteActivity(39_000);
    assert.equal(pace.dueAt(39_000), 49_000, 'but no longer than this');
  });

  it('begins anew with what happens meanwhile', () => {
    const pace = new SurveyPace();
    pace.noteActivity(0);
    survey(pace, 250, false);
    pace.noteActivity(500);
    pace.startOver();
    assert.equal(survey(pace, 750, true), 950 + 1_200);
  });
});
