import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { EndWatch, SHUTDOWN_PATIENCE_MS } from './end-watch.ts';
import { CONTROL_PORT } from './qemu-arguments.ts';

class Play {
  readonly ends: string[] = [];
  readonly #events = new EventEmitter();
  readonly closed = Promise.withResolvers<void>();
  readonly process = Promise.withResolvers<string>();
  readonly watch: EndWatch;

  constructor({ knowsAgent = true } = {}) {
    this.watch = new EndWatch({
      qmp: {
        onEvent: (name, listener) => void this.#events.on(name, listener),
        closed: this.closed.promise,
      },
      processEnded: this.process.promise,
      onEnd: (kind) => this.ends.push(kind),
    });
    if (knowsAgent) this.watch.agentIsKnown();
  }

  port(open: boolean, id: string = CONTROL_PORT): void {
    this.#events.emit('VSERPORT_CHANGE', { id, open });
  }

  shutdown(reason: string): void {
    this.#events.emit('SHUTDOWN', { guest: true, reason });
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('EndWatch', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('tells a shutdown and a restart, after which the agent is gone, from a kernel that takes it along', () => {
    const plays = [new Play(), new Play(), new Play(), new Play()];
    const [off, again, panic, pvpanic] = plays as [Play, Play, Play, Play];
    off.port(false);
    off.shutdown('guest-shutdown');
    again.port(false);
    again.shutdown('guest-reset');
    panic.shutdown('guest-reset');
    pvpanic.shutdown('guest-panic');
    assert.deepEqual(
      plays.map(({ ends }) => ends),
      [['shut-down'], ['restarted'], ['kernel'], ['kernel']],
    );
  });

  it('waits for a shutdown before it says that only the agent is gone', () => {
    const play = new Play();
    play.port(false);
    mock.timers.tick(SHUTDOWN_PATIENCE_MS - 1);
    assert.deepEqual(play.ends, []);
    mock.timers.tick(1);
    assert.deepEqual(play.ends, ['agent']);
  });

  it('says so at once when another agent begins', () => {
    const play = new Play();
    play.port(false);
    play.watch.agentBegan();
    assert.deepEqual(play.ends, ['agent']);
  });

  it('takes a terminal that closes, and an agent that begins while a machine boots, for what they are', () => {
    const booting = new Play({ knowsAgent: false });
    booting.port(false);
    booting.watch.agentBegan();
    const other = new Play();
    other.port(false, 'port-terminal0');
    other.port(true);
    mock.timers.tick(2 * SHUTDOWN_PATIENCE_MS);
    assert.deepEqual([booting.ends, other.ends], [[], []]);
  });

  it('hears what QEMU had still to say when its process is already gone', async () => {
    const play = new Play();
    play.process.resolve('exit 0.');
    await settled();
    assert.deepEqual(play.ends, []);
    play.shutdown('guest-shutdown');
    play.closed.resolve();
    await settled();
    assert.deepEqual(play.ends, ['shut-down']);
  });

  it('calls a process that ended without a word lost, also when its monitor never closes', async () => {
    const [one, other] = [new Play(), new Play()];
    one.process.resolve('signal 9.');
    one.closed.resolve();
    other.process.resolve('signal 9.');
    await settled();
    mock.timers.tick(60_000);
    await settled();
    assert.deepEqual([one.ends, other.ends], [['lost'], ['lost']]);
  });

  it('says nothing once it is over', () => {
    const play = new Play();
    play.port(false);
    play.watch[Symbol.dispose]();
    play.shutdown('guest-shutdown');
    mock.timers.tick(60_000);
    assert.deepEqual(play.ends, []);
  });
});
