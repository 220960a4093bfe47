import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Recording } from '../recording.ts';
import { ScreenKeeper } from './screen-keeper.ts';
import { ScreenThread } from './thread/screen-thread.ts';

const CAPACITY_BYTES = 512 * 1024;
const QUESTION = '\x1b[c';
const ANSWER = '\x1b[?1;2c';

function keep(thread: ScreenThread) {
  const recording = new Recording({ capacityBytes: CAPACITY_BYTES });
  const answers: string[] = [];
  const lost: unknown[] = [];
  const keeper = new ScreenKeeper({
    ...{ recording, thread },
    onAnswer: (answer) => answers.push(answer),
    onBase: () => undefined,
    onLost: (cause) => lost.push(cause),
  });
  const print = (text: string) => {
    recording.append(Buffer.from(text));
    keeper.note(Buffer.from(text));
  };
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise(setImmediate);
  };
  return { recording, answers, lost, print, until, [Symbol.dispose]: () => keeper[Symbol.dispose]() };
}

describe('the keeper of a screen', () => {
  for (const word of ['hang-here', 'crash-here']) {
    it(`loses one at which xterm.js ends (${word}), goes on with it, and answers for all others once`, async () => {
      const program = new URL('../../testing/dying-worker.ts', import.meta.url);
      const thread = new ScreenThread({ program, lookMs: 20 });
      using good = keep(thread);
      using bad = keep(thread);
      good.print(`first ${QUESTION}`);
      await good.until(() => good.answers.length === 1);
      bad.print(`${word} ${QUESTION}`);
      good.print(`second ${QUESTION}`);
      await bad.until(() => bad.lost.length === 1);
      await good.until(() => good.answers.length === 2);
      bad.print(QUESTION);
      await bad.until(() => bad.answers.length > 0);
      good.print(QUESTION);
      await good.until(() => good.answers.length === 3);
      assert.deepEqual([good.answers, good.lost], [[ANSWER, ANSWER, ANSWER], []]);
      assert.deepEqual(bad.answers, [ANSWER]);
      assert.deepEqual([bad.lost.length, bad.recording.base.bytes.length], [1, 0]);
    });
  }
});
