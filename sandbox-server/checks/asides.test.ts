import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Aside, Asides } from './asides.ts';

const aside = (step: string, check: string) => ({ step: { id: step }, check: { id: check } }) as unknown as Aside;
const lines = ['one', 'two', 'three'].map((check) => aside('later', check));
const [one, two, three] = lines as [Aside, Aside, Aside];

/** So many milliseconds a question takes. */
const TAKES_MS = 100;

describe('lines out of turn', () => {
  it('are asked in their order, each once after something happened', () => {
    const asides = new Asides();
    assert.equal(asides.dueAt, null);
    asides.noteChange(0);
    for (const line of lines) {
      const now: number = asides.dueAt ?? Number.NaN;
      assert.equal(asides.take(lines, now), line);
      asides.asked(line, { isNews: false, startedAt: now, now: now + TAKES_MS });
    }
    assert.equal(asides.dueAt, null);
  });

  it('that turned are asked again before the others, once they had time to turn back', () => {
    const asides = new Asides();
    asides.noteChange(0);
    assert.equal(asides.take(lines, 1_000), one);
    asides.asked(one, { isNews: true, startedAt: 1_000, now: 1_100 });
    assert.equal(asides.take(lines, 1_300), two);
    asides.asked(two, { isNews: false, startedAt: 1_300, now: 1_400 });
    assert.equal(asides.take(lines, 10_000), one);
    assert.equal(asides.isSure(one), true);
    asides.asked(one, { isNews: true, startedAt: 10_000, now: 10_100 });
    assert.equal(asides.take(lines, 10_300), three);
  });
});
