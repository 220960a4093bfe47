import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Admission, type Slot } from './admission.ts';

/** Enters and notes when its turn has come. */
function enter(admission: Admission) {
  const told: number[] = [];
  const waiting = admission.enter(() => told.push(waiting.place));
  let slot: Slot | undefined;
  void waiting.admitted.then((given) => {
    slot = given;
  });
  return { waiting, told, slot: () => slot };
}

const settle = () => new Promise(setImmediate);

describe('admission', () => {
  it('lets in as many as fit and keeps the others in the order they came', async () => {
    const admission = new Admission(2);
    const people = Array.from({ length: 5 }, () => enter(admission));
    await settle();
    assert.deepEqual(
      people.map(({ waiting }) => waiting.place),
      [0, 0, 1, 2, 3],
    );
    people[1]?.slot()?.[Symbol.dispose]();
    await settle();
    assert.deepEqual(
      people.map(({ waiting }) => waiting.place),
      [0, 0, 0, 1, 2],
    );
    assert.ok(people[2]?.slot());
    assert.deepEqual([admission.taken, admission.waiting], [2, 2]);
    assert.deepEqual(people[3]?.told.at(-1), 1);
    assert.deepEqual(people[4]?.told.at(-1), 2);
  });

  it('moves everybody up when one gives up waiting', () => {
    const admission = new Admission(1);
    const [, second, third] = Array.from({ length: 3 }, () => enter(admission));
    second?.waiting[Symbol.dispose]();
    assert.equal(third?.waiting.place, 1);
    assert.equal(third?.told.at(-1), 1);
  });

  it('gives a slot back once, however often it is disposed', async () => {
    const admission = new Admission(1);
    const first = enter(admission);
    await settle();
    first.slot()?.[Symbol.dispose]();
    first.slot()?.[Symbol.dispose]();
    assert.equal(admission.taken, 0);
  });
});
