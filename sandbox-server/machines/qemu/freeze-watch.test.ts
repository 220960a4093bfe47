import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { ProcessState } from '../local/process-state.ts';
import { FreezeWatch, LOOK_INTERVAL_MS, LOOKS_PER_QUESTION, LOOKS_STOPPED, LOOKS_UNANSWERED } from './freeze-watch.ts';

/** A machine whose process and monitor do as the test says, looked at when it says so. */
function watch(context: TestContext) {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const machine = { isStopped: false, answers: true, questions: 0, frozen: [] as string[] };
  const freezeWatch = new FreezeWatch({
    isStopped: async () => machine.isStopped,
    ask: () => {
      machine.questions += 1;
      return machine.answers ? Promise.resolve() : new Promise(() => {});
    },
    onFrozen: (detail) => machine.frozen.push(detail),
  });
  const look = async (times: number) => {
    for (let count = 0; count < times; count += 1) {
      context.mock.timers.tick(LOOK_INTERVAL_MS);
      await new Promise(setImmediate);
    }
  };
  return { machine, look, freezeWatch };
}

describe('the watch for machines that freeze', () => {
  it('tells of a process that is stopped, once', async (context) => {
    const { machine, look } = watch(context);
    await look(10);
    machine.isStopped = true;
    await look(LOOKS_STOPPED - 1);
    assert.deepEqual(machine.frozen, []);
    await look(10);
    assert.deepEqual(machine.frozen, ['its process is stopped']);
  });

  it('does not mind one that was stopped for a moment', async (context) => {
    const { machine, look } = watch(context);
    for (let times = 0; times < 5; times += 1) {
      machine.isStopped = !machine.isStopped;
      await look(1);
    }
    assert.deepEqual(machine.frozen, []);
  });

  it('gives up one that does not answer only after a long time, and asks one question at a time', async (context) => {
    const { machine, look } = watch(context);
    machine.answers = false;
    await look(LOOKS_PER_QUESTION + LOOKS_UNANSWERED - 1);
    assert.deepEqual([machine.frozen, machine.questions], [[], 1]);
    await look(1);
    assert.deepEqual(machine.frozen, ['it does not answer']);
  });

  it('goes on asking one that answers', async (context) => {
    const { machine, look } = watch(context);
    await look(LOOKS_PER_QUESTION * 20);
    assert.deepEqual([machine.frozen, machine.questions], [[], 20]);
  });

  it('looks no more once it is disposed', async (context) => {
    const { machine, look, freezeWatch } = watch(context);
    freezeWatch[Symbol.dispose]();
    machine.isStopped = true;
    await look(10);
    assert.deepEqual([machine.frozen, machine.questions], [[], 0]);
  });
});

describe('the state of a process', () => {
  it('is that of the last in a chain, whatever it is called', async () => {
    const script = 'exec -a ") T (" sleep 1000 & echo $!; wait';
    const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    const sleeper = Number(line);
    const state = new ProcessState(child.pid ?? 0);
    assert.equal(await state.isStopped(), false);
    process.kill(sleeper, 'SIGSTOP');
    while (!(await state.isStopped()));
    process.kill(sleeper, 'SIGKILL');
    await once(child, 'exit');
    assert.equal(await state.isStopped(), false);
  });
});
