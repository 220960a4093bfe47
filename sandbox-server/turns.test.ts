import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Turns } from './turns.ts';

/** Asks for a turn, and says in `begun` when it comes. */
function ask(turns: Turns, name: string, begun: string[], signal?: AbortSignal): Promise<Disposable> {
  return turns.take({ signal }).then((turn) => {
    begun.push(name);
    return turn;
  });
}

const settled = () => new Promise(setImmediate);

describe('turns', () => {
  it('are so many at a time, in the order in which they were asked for', async () => {
    const [turns, begun] = [new Turns(2), [] as string[]];
    const [first, second] = ['a', 'b', 'c', 'd'].map((name) => ask(turns, name, begun));
    await settled();
    assert.deepEqual(begun, ['a', 'b']);
    (await second)?.[Symbol.dispose]();
    await settled();
    assert.deepEqual(begun, ['a', 'b', 'c']);
    const turn = await first;
    turn?.[Symbol.dispose]();
    turn?.[Symbol.dispose]();
    await settled();
    assert.deepEqual(begun, ['a', 'b', 'c', 'd']);
  });

  it('come to the patient when nobody else wants one', async () => {
    const [turns, begun] = [new Turns(1), [] as string[]];
    const first = await ask(turns, 'a', begun);
    const patient = turns.take({ isPatient: true }).then((turn) => {
      begun.push('patient');
      return turn;
    });
    const others = ['b', 'c'].map((name) => ask(turns, name, begun));
    first[Symbol.dispose]();
    for (const turn of [...others, patient]) (await turn)[Symbol.dispose]();
    assert.deepEqual(begun, ['a', 'b', 'c', 'patient']);
  });

  it('are not kept for who does not want one any more', async () => {
    const [turns, begun, abort] = [new Turns(1), [] as string[], new AbortController()];
    const first = await ask(turns, 'a', begun);
    const second = ask(turns, 'b', begun, abort.signal);
    const third = ask(turns, 'c', begun);
    abort.abort(new Error('gone'));
    await assert.rejects(second, /gone/);
    await assert.rejects(ask(turns, 'd', begun, abort.signal), /gone/);
    first[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    assert.deepEqual(begun, ['a', 'c']);
  });
});
