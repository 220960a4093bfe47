import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Admission, type Slot } from './admission.ts';

/** Enters and notes when its turn has come. */
function enter(admission: Admission, machines = 1) {
  const told: number[] = [];
  const waiting = admission.enter({ machines, onMove: () => told.push(waiting.place) });
  let slot: Slot | undefined;
  void waiting.admitted.then((given) => {
    slot = given;
  });
  return { waiting, told, slot: () => slot };
}

const settle = () => new Promise(setImmediate);

describe('admission', () => {
  it('lets in as many as fit and keeps the others in the order they came', async () => {
    const admission = new Admission(() => 2);
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
    const admission = new Admission(() => 1);
    const [, second, third] = Array.from({ length: 3 }, () => enter(admission));
    second?.waiting[Symbol.dispose]();
    assert.equal(third?.waiting.place, 1);
    assert.equal(third?.told.at(-1), 1);
  });

  it('lets nobody in for whose machines the host has no room, and says what is lacking', async () => {
    const free = { memory: 2, disk: 3 };
    const admission = new Admission(() => 9, {
      memory: (machines) => machines <= free.memory,
      disk: (machines) => machines <= free.disk,
    });
    const [alone, pair] = [enter(admission, 3), enter(admission, 3)];
    await settle();
    assert.ok(alone.slot(), 'with nothing else running, waiting would bring no memory');
    assert.deepEqual([pair.waiting.place, pair.waiting.lack], [1, 'memory']);
    free.memory = 3;
    free.disk = 2;
    admission.expire();
    assert.deepEqual([pair.waiting.place, pair.waiting.lack, pair.told.length], [1, 'disk', 1]);
    alone.slot()?.[Symbol.dispose]();
    assert.equal(pair.waiting.place, 1, 'waiting may bring disk: an operator can make some');
    free.disk = 3;
    admission.expire();
    await settle();
    assert.ok(pair.slot());
  });

  it('gives machines of nobody what is left when no learner waits, besides all their places', async () => {
    const free = { memory: 9, disk: 9 };
    const admission = new Admission(() => 1, {
      memory: (machines) => machines <= free.memory,
      disk: (machines) => machines <= free.disk,
    });
    const learner = enter(admission);
    await settle();
    const aside = admission.takeAside(2);
    assert.ok(typeof aside !== 'string');
    assert.equal(admission.taken, 1);
    free.disk = 1;
    assert.equal(admission.takeAside(2), 'disk');
    free.disk = 9;
    free.memory = 1;
    assert.equal(admission.takeAside(2), 'memory');
    free.memory = 9;
    const next = enter(admission);
    assert.equal(admission.takeAside(1), 'places');
    learner.slot()?.[Symbol.dispose]();
    await settle();
    assert.ok(next.slot(), 'they cost nobody a place');
    aside[Symbol.dispose]();
  });

  it('gives a slot back once, however often it is disposed', async () => {
    const admission = new Admission(() => 1);
    const first = enter(admission);
    await settle();
    first.slot()?.[Symbol.dispose]();
    first.slot()?.[Symbol.dispose]();
    assert.equal(admission.taken, 0);
  });
});
