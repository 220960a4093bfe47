import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDriverContract } from '../contract/contract.ts';
import { FakeDriver } from './fake-driver.ts';

const SPEC = { hostname: 'dock', terminals: [{ id: 'alice', user: 'alice' }] };

const driver = new FakeDriver();
const template = driver.template('contract', SPEC);
let forks = 0;
describeDriverContract({
  name: 'the fake driver',
  makeMachine: (options) => {
    forks += 1;
    return driver.fork(template, { id: `contract-${forks}`, ...options });
  },
  adopt: (record) => driver.adopt(record),
  dispose: () => driver[Symbol.asyncDispose](),
});

describe('the fake driver', () => {
  it('refuses a template that nobody registered', async () => {
    await using empty = new FakeDriver();
    await assert.rejects(empty.fork({ key: 'none', folder: '' }, { id: 'one' }), { code: 'template-unknown' });
  });

  it('answers scripts as a test tells it to', async () => {
    const result = { status: 1, timedOut: false, stdout: 'not-yet\n', stderr: '', truncated: false };
    await using fake = new FakeDriver({ answer: ({ script }) => (script === 'ask' ? result : undefined) });
    await using machine = await fake.fork(fake.template('t', SPEC), { id: 'one' });
    assert.deepEqual(await machine.run({ script: 'ask', timeoutMs: 1000 }), result);
    assert.equal((await machine.run({ script: 'unheard-of', timeoutMs: 1000 })).status, 127);
    assert.deepEqual(
      machine.requests.map(({ script }) => script),
      ['ask', 'unheard-of'],
    );
  });

  it('ends a machine as a test tells it to, and forgets it', async () => {
    await using fake = new FakeDriver();
    const machine = await fake.fork(fake.template('t', SPEC), { id: 'one' });
    assert.equal(fake.machines.size, 1);
    machine.freeze('no heartbeat');
    machine.kill();
    assert.deepEqual(await machine.ended, { cause: 'frozen', detail: 'no heartbeat' });
    assert.equal(fake.machines.size, 0);
  });
});
