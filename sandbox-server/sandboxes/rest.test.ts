import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeDriver } from '../machines/fake/fake-driver.ts';
import { LOOK_MS, Rest } from './rest.ts';

const AFTER_MS = 30_000;

/** Two machines of one sandbox, looked at every second of a clock that the test moves. */
async function bench() {
  const driver = new FakeDriver();
  const template = driver.template('t', { hostname: 'dock', terminals: [{ id: 'alice', user: 'alice' }] });
  const host = await driver.fork(template, { id: 'host' });
  const client = await driver.fork(template, { id: 'client' });
  const rest = new Rest([host, client], 0);
  let now = 0;
  const pass = async (seconds: number, share = 0) => {
    for (let second = 0; second < seconds; second += 1) {
      now += 1_000;
      const used = client.taken?.processorMs ?? 0;
      if (client.taken) client.taken = { ...client.taken, processorMs: used + share * 1_000 };
      await rest.look(now, AFTER_MS);
    }
  };
  const states = () => [host.isPaused, client.isPaused];
  return { rest, host, client, pass, states, watch: (isWatched: boolean) => rest.setWatched(isWatched, now) };
}

describe('the rest of a sandbox', () => {
  it('begins once nobody has looked and nothing has been done for as long as was said', async () => {
    const { pass, states } = await bench();
    await pass(AFTER_MS / 1_000 - 1);
    assert.deepEqual(states(), [false, false]);
    await pass(LOOK_MS / 1_000);
    assert.deepEqual(states(), [true, true]);
  });

  it('does not begin while somebody looks, however little is done', async () => {
    const { pass, states, watch } = await bench();
    await watch(true);
    await pass(600);
    assert.deepEqual(states(), [false, false]);
    await watch(false);
    await pass(AFTER_MS / 1_000 + LOOK_MS / 1_000);
    assert.deepEqual(states(), [true, true]);
  });

  it('does not begin while any guest works: not even the idle ones are paused', async () => {
    const { pass, states } = await bench();
    await pass(600, 0.5);
    assert.deepEqual(states(), [false, false]);
    await pass(AFTER_MS / 1_000 + LOOK_MS / 1_000, 0.01);
    assert.deepEqual(states(), [true, true]);
  });

  it('does not begin where nobody knows what a guest does', async () => {
    const { pass, states, client } = await bench();
    client.taken = undefined;
    await pass(600);
    assert.deepEqual(states(), [false, false]);
  });

  it('does not begin while a script runs in any of them', async () => {
    const { pass, states, client } = await bench();
    const abort = new AbortController();
    const script = client.run({ script: 'sleep 3600', timeoutMs: 3_600_000, signal: abort.signal });
    await pass(600);
    assert.deepEqual(states(), [false, false]);
    abort.abort();
    await assert.rejects(script);
    await pass(AFTER_MS / 1_000);
    assert.deepEqual(states(), [true, true]);
  });

  it('ends when somebody looks', async () => {
    const { pass, states, watch } = await bench();
    await pass(600);
    await watch(true);
    assert.deepEqual(states(), [false, false]);
  });

  it('ends when a machine is asked something, and begins again only after the whole time', async () => {
    const { pass, states, client } = await bench();
    await pass(600);
    client.terminals[0]?.write(0, Buffer.from('a'));
    assert.deepEqual(states(), [true, false]);
    await pass(AFTER_MS / 1_000 - 1);
    assert.deepEqual(states(), [true, false]);
    await pass(2 * (LOOK_MS / 1_000));
    assert.deepEqual(states(), [true, true]);
  });
});
