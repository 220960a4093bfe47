import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DrydockError } from '../../errors.ts';
import type { Machine, Network, TemplateRef } from '../driver.ts';
import { FakeBaker } from '../fake/fake-baker.ts';
import { FakeDriver } from '../fake/fake-driver.ts';
import { type EngineDriver, SeveralEngines } from './several-engines.ts';

const GIB = 1024 ** 3;
const MEMORY_MIB = 768;
const folder = mkdtempSync(join(tmpdir(), 'dd-several-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const TEMPLATE: TemplateRef = { key: 'lab', folder };
/** Has no folder any more. */
const OLD_TEMPLATE: TemplateRef = { key: 'old', folder: join(folder, 'gone') };

class PretendEngine {
  readonly name: string;
  readonly fakes: FakeDriver;
  readonly delivered: string[] = [];
  readonly networks: Network[] = [];
  opened = 0;
  identity = 'same';
  memoryGib = 8;
  isDown = false;
  isFull = false;

  constructor(name: string, as: Partial<Pick<PretendEngine, 'identity' | 'memoryGib' | 'isDown'>> = {}) {
    this.name = name;
    Object.assign(this, as);
    this.fakes = new FakeDriver({
      problem: () => (this.isDown ? `${name} does not answer.` : undefined),
      hosts: () => [{ processors: 2, memoryBytes: this.memoryGib * GIB }],
      beforeFork: async () => this.#requireUp(),
      beforeAdopt: async () => this.#requireUp(),
    });
    this.fakes.template(TEMPLATE.key, { hostname: name, terminals: [] });
  }

  async open(): Promise<EngineDriver> {
    this.#requireUp();
    this.opened += 1;
    const baker = new FakeBaker();
    return Object.assign(this.fakes, {
      identity: this.identity,
      boot: () => baker.boot(),
      thaw: baker.thaw.bind(baker),
      network: () => {
        const network = { [Symbol.dispose]: () => {} };
        this.networks.push(network);
        return network;
      },
      deliver: async ({ key }: TemplateRef) => {
        this.#requireUp();
        if (this.isFull) throw new DrydockError('engine-no-space', `${this.name} is full.`);
        this.delivered.push(key);
      },
      sweep: async () => {},
    });
  }

  #requireUp(): void {
    if (this.isDown) throw new Error(`connect ECONNREFUSED ${this.name}`);
  }
}

async function openAll(engines: readonly PretendEngine[], retryMs = 60_000) {
  const told: string[] = [];
  const onChange = (text: string) => told.push(text);
  return { told, driver: await SeveralEngines.open(engines, { memoryMib: MEMORY_MIB, retryMs, onChange }) };
}

let forks = 0;
async function forkOn(driver: SeveralEngines, network?: Network): Promise<Machine> {
  forks += 1;
  return driver.fork(TEMPLATE, { id: `m-${forks}`, ...(network && { network }) });
}

const counts = (engines: readonly PretendEngine[]) => engines.map(({ fakes }) => fakes.machines.size);
/** Until the engines that are left out have been tried again. */
async function until(holds: () => boolean): Promise<void> {
  for (let look = 0; look < 1000 && !holds(); look += 1) await delay(2);
  assert.ok(holds());
}

describe('several engines', () => {
  it('take machines in proportion to what their hosts have room for, and fill up again', async () => {
    const engines = [new PretendEngine('small', { memoryGib: 4 }), new PretendEngine('big', { memoryGib: 8 })];
    const { driver } = await openAll(engines);
    await using _driver = driver;
    const machines = [];
    for (let count = 0; count < 6; count += 1) machines.push(await forkOn(driver));
    assert.deepEqual(counts(engines), [2, 4]);
    for (const machine of [...engines[1]!.fakes.machines]) await machine[Symbol.asyncDispose]();
    await forkOn(driver);
    assert.deepEqual(counts(engines), [2, 1]);
    assert.equal(driver.hosts().length, 2);
  });

  it('have all machines of a sandbox on one of them, also those that start at once', async () => {
    const engines = [new PretendEngine('a'), new PretendEngine('b')];
    const { driver } = await openAll(engines);
    await using _driver = driver;
    for (const expected of [
      [2, 0],
      [2, 2],
    ]) {
      using network = driver.network();
      await Promise.all([forkOn(driver, network), forkOn(driver, network)]);
      assert.deepEqual(counts(engines), expected);
    }
    assert.deepEqual(
      engines.map(({ networks }) => networks.length),
      [1, 1],
    );
    await assert.rejects(forkOn(driver, { [Symbol.dispose]: () => {} }), TypeError);
  });

  it('go on without one that fails; it comes back when it answers, with what it missed', async () => {
    const [a, b] = [new PretendEngine('a'), new PretendEngine('b')];
    const { driver, told } = await openAll([a, b], 5);
    await using _driver = driver;
    await driver.deliver(TEMPLATE);
    a.isDown = true;
    await assert.rejects(forkOn(driver), { code: 'engine-unreachable', message: 'a does not answer.' });
    assert.equal(await driver.problem(), undefined);
    await forkOn(driver);
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [0, 2]);
    assert.equal(driver.hosts().length, 1);
    await driver.deliver({ ...TEMPLATE, key: 'missed' });
    await driver.deliver(OLD_TEMPLATE);
    a.isDown = false;
    await until(() => driver.hosts().length === 2);
    assert.deepEqual(a.delivered, ['lab', 'lab', 'missed']);
    assert.deepEqual(told, [
      'The Docker Engine at a is left out: a does not answer.',
      'The Docker Engine at a is used again.',
    ]);
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [1, 2]);
  });

  it('begin without one that is not there, and open it when it is', async () => {
    const [a, b] = [new PretendEngine('a', { isDown: true }), new PretendEngine('b')];
    const { driver, told } = await openAll([a, b], 5);
    await using _driver = driver;
    await driver.deliver(TEMPLATE);
    assert.deepEqual([a.opened, b.delivered], [0, ['lab']]);
    a.isDown = false;
    await until(() => driver.hosts().length === 2);
    assert.deepEqual([a.opened, a.delivered], [1, ['lab']]);
    assert.match(told[0] ?? '', /^The Docker Engine at a is left out: connect ECONNREFUSED/);
  });

  it('cannot begin without any, and say the first one’s reason', async () => {
    const engines = ['a', 'b'].map((name) => new PretendEngine(name, { isDown: true }));
    await assert.rejects(openAll(engines), { message: 'connect ECONNREFUSED a' });
  });

  it('have a problem when none of them works', async () => {
    const engines = [new PretendEngine('a'), new PretendEngine('b')];
    const { driver } = await openAll(engines);
    await using _driver = driver;
    for (const engine of engines) engine.isDown = true;
    assert.equal(await driver.problem(), 'a does not answer. b does not answer.');
    await assert.rejects(forkOn(driver), {
      code: 'engine-unreachable',
      message: 'No Docker Engine can be used. a does not answer. b does not answer.',
    });
    assert.deepEqual(driver.hosts(), []);
  });

  it('leave out one that has no room for a template, unless it is the last', async () => {
    const [a, b] = [new PretendEngine('a'), new PretendEngine('b')];
    const { driver } = await openAll([a, b]);
    await using _driver = driver;
    a.isFull = true;
    await driver.deliver(TEMPLATE);
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [0, 1]);
    b.isFull = true;
    await assert.rejects(driver.deliver({ ...TEMPLATE, key: 'next' }), { code: 'engine-no-space' });
  });

  it('never mix machines that differ', async () => {
    const [a, b] = [new PretendEngine('a'), new PretendEngine('b', { identity: 'kvm' })];
    const { driver, told } = await openAll([a, b], 1);
    await using _driver = driver;
    await delay(20);
    await forkOn(driver);
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [2, 0]);
    assert.match(told.join(), /^The Docker Engine at b is left out: .* Set ACCELERATOR=tcg\.$/);
  });

  it('adopt a machine from whichever has it, count it there, and end it by its name', async () => {
    const engines = [new PretendEngine('a'), new PretendEngine('b')];
    const { driver } = await openAll(engines);
    const machines = [await forkOn(driver), await forkOn(driver)];
    for (const machine of machines) {
      machine.liveUntil(Date.now() + 60_000);
      machine.release();
    }
    const { driver: next } = await openAll(engines);
    await using _next = next;
    const adopted = await next.adopt(machines[1]!.record);
    assert.equal(adopted?.id, machines[1]!.id);
    assert.equal(await next.adopt({ id: 'nobody' }), undefined);
    await forkOn(next);
    assert.deepEqual(counts(engines), [2, 1]);
    assert.equal(await next.endNamed(`"${machines[1]!.id}"`), 1);
  });
});
