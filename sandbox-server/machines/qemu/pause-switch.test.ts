import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { PauseSwitch } from './pause-switch.ts';

function bench(context?: TestContext) {
  const commands: string[] = [];
  const guest = { isBusy: false, status: 'running', answers: true };
  const pauseSwitch = new PauseSwitch({
    qmp: {
      execute: async (command) => {
        commands.push(command);
        return { status: guest.status };
      },
    },
    isBusy: () => guest.isBusy,
    refresh: (signal) => {
      commands.push('refresh');
      return guest.answers ? Promise.resolve() : Promise.reject(signal.reason);
    },
  });
  context?.mock.method(AbortSignal, 'timeout', () => AbortSignal.abort(new Error('late')));
  return { commands, guest, pauseSwitch };
}

describe('the switch that pauses a guest', () => {
  it('gives a guest that goes on what it missed, once, however often it is asked', async () => {
    const { commands, pauseSwitch } = bench();
    await pauseSwitch.pause();
    await pauseSwitch.pause();
    await Promise.all([pauseSwitch.resume(), pauseSwitch.resume()]);
    await pauseSwitch.resume();
    assert.deepEqual(commands, ['stop', 'cont', 'refresh']);
  });

  it('does not hold a guest that is busy, nor one that is just going on', async () => {
    const { commands, guest, pauseSwitch } = bench();
    guest.isBusy = true;
    await pauseSwitch.pause();
    assert.deepEqual([commands, pauseSwitch.isPaused], [[], false]);
    guest.isBusy = false;
    await pauseSwitch.pause();
    const resumed = pauseSwitch.resume();
    guest.isBusy = true;
    await pauseSwitch.pause();
    await resumed;
    assert.deepEqual(commands, ['stop', 'cont', 'refresh']);
  });

  it('does not wait for ever for a guest that does not answer', async (context) => {
    const { commands, guest, pauseSwitch } = bench(context);
    guest.answers = false;
    await pauseSwitch.pause();
    await pauseSwitch.resume();
    assert.deepEqual(commands, ['stop', 'cont', 'refresh']);
  });

  it('finds out that an earlier server left a guest paused', async () => {
    const { guest, pauseSwitch } = bench();
    await pauseSwitch.look();
    assert.equal(pauseSwitch.isPaused, false);
    guest.status = 'paused';
    await pauseSwitch.look();
    assert.equal(pauseSwitch.isPaused, true);
  });
});
