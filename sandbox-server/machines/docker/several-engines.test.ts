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
import type { EngineDriver } from './engine-seat.ts';
import { SeveralEngines } from './several-engines.ts';

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
  readonly thawed: string[] = [];
  opened = 0;
  refreshed = 0;
  memoryGib = 8;
  isDown = false;
  isFull = false;
  /** What every fork fails of, though it answers. */
  failure: Error | undefined;
  /** Awaited before it is opened, a machine forked, or a template delivered. */
  hold: Promise<void> | undefined;

  constructor(name: string, as: Partial<Pick<PretendEngine, 'memoryGib' | 'isDown' | 'hold'>> = {}) {
    this.name = name;
    Object.assign(this, as);
    this.fakes = new FakeDriver({
      problem: () => (this.isDown ? SILENT : undefined),
      hosts: () => [{ processors: 2, memoryBytes: this.memoryGib * GIB }],
      beforeFork: async () => {
        await this.#answer();
        if (this.failure) throw this.failure;
      },
      beforeAdopt: () => this.#answer(),
    });
    this.fakes.template(TEMPLATE.key, { hostname: name, terminals: [] });
  }

  async open(): Promise<EngineDriver> {
    await this.#answer();
    this.opened += 1;
    const baker = new FakeBaker();
    return Object.assign(this.fakes, {
      identity: 'same',
      boot: () => baker.boot(),
      thaw: async ({ key }: TemplateRef): Promise<never> => {
        this.thawed.push(key);
        throw new Error('nothing to thaw');
      },
      network: () => {
        const network = { [Symbol.dispose]: () => {} };
        this.networks.push(network);
        return network;
      },
      deliver: async ({ key }: TemplateRef) => {
        await this.#answer();
        if (this.isFull) throw new DrydockError('engine-no-space', `${this.name} is full.`);
        this.delivered.push(key);
      },
      refresh: async () => {
        this.refreshed += 1;
      },
      sweep: () => this.#answer(),
    });
  }

  async #answer(): Promise<void> {
    await this.hold;
    if (this.isDown) throw new Error(`connect ECONNREFUSED ${this.name}`);
  }
}

const SILENT = 'The Docker Engine does not answer.';

async function openAll(engines: readonly PretendEngine[], options: { retryMs?: number; patienceMs?: number } = {}) {
  const told: string[] = [];
  const onChange = (text: string) => told.push(text);
  const all = { memoryMib: MEMORY_MIB, retryMs: 60_000, patienceMs: 5, onChange, ...options };
  return { told, driver: await SeveralEngines.open(engines, all) };
}

let forks = 0;
async function forkOn(driver: SeveralEngines, network?: Network, template = TEMPLATE): Promise<Machine> {
  forks += 1;
  return driver.fork(template, { id: `m-${forks}`, ...(network && { network }) });
}

const counts = (engines: readonly PretendEngine[]) => engines.map(({ fakes }) => fakes.machines.size);
/** Engines that are left out are tried again by a clock. */
async function until(holds: () => boolean): Promise<void> {
  for (let look = 0; look < 1000 && !holds(); look += 1) await delay(2);
  assert.ok(holds());
}
const NEVER = new Promise<void>(() => {});

describe('several engines', () => {
  it('take machines in proportion to what their hosts have room for, and fill up again', async () => {
    const engines = [new PretendEngine('small', { memoryGib: 4 }), new PretendEngine('big')];
    const { driver } = await openAll(engines);
    await using _driver = driver;
    for (let count = 0; count < 6; count += 1) await forkOn(driver);
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
    const expected = [
      [2, 0],
      [2, 2],
    ];
    for (const there of expected) {
      using network = driver.network();
      await Promise.all([forkOn(driver, network), forkOn(driver, network)]);
      assert.deepEqual(counts(engines), there);
    }
    assert.deepEqual(
      engines.map(({ networks }) => networks.length),
      [1, 1],
    );
    await assert.rejects(forkOn(driver, { [Symbol.dispose]: () => {} }), TypeError);
  });

  it('go on without one that fails; it comes back when it answers, with what it missed', async () => {
    const [a, b] = [new PretendEngine('a'), new PretendEngine('b')];
    const { driver, told } = await openAll([a, b], { retryMs: 5 });
    await using _driver = driver;
    await driver.deliver(TEMPLATE);
    a.isDown = true;
    using network = driver.network();
    await assert.rejects(forkOn(driver, network), { code: 'engine-unreachable', message: `a: ${SILENT}` });
    await assert.rejects(
      forkOn(driver, network),
      { code: 'engine-unreachable' },
      'the others of its sandbox stay there',
    );
    assert.equal(await driver.problem(), undefined);
    await forkOn(driver);
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [0, 2]);
    assert.equal(driver.hosts().length, 1);
    await driver.deliver({ ...TEMPLATE, key: 'missed' });
    await driver.deliver(OLD_TEMPLATE);
    a.isDown = false;
    await until(() => driver.hosts().length === 2);
    assert.deepEqual([a.delivered, a.refreshed], [['lab', 'lab', 'missed'], 1]);
    assert.deepEqual(told, [`The Docker Engine at a is left out: ${SILENT}`, 'The Docker Engine at a is used again.']);
    await forkOn(driver);
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [0, 4], 'what failed a moment ago comes last');
  });

  it('leave out one that answers and cannot make machines, and let others go first after any failure', async () => {
    const [a, b] = [new PretendEngine('a'), new PretendEngine('b')];
    const { driver, told } = await openAll([a, b]);
    await using _driver = driver;
    a.failure = new Error('no /dev/kvm');
    await assert.rejects(forkOn(driver), { message: 'no /dev/kvm' });
    await forkOn(driver);
    await forkOn(driver);
    assert.deepEqual([counts([a, b]), driver.hosts().length], [[0, 2], 2]);
    b.failure = new DrydockError('engine-image-missing', 'b has no image.');
    await assert.rejects(forkOn(driver), { code: 'engine-unreachable', message: 'b: b has no image.' });
    assert.deepEqual(told, ['The Docker Engine at b is left out: b has no image.']);
    assert.equal(driver.hosts().length, 1);
  });

  it('begin without one that is not there, and open it when it is', async () => {
    const [a, b] = [new PretendEngine('a', { isDown: true }), new PretendEngine('b')];
    const { driver, told } = await openAll([a, b], { retryMs: 5 });
    await using _driver = driver;
    await driver.deliver(TEMPLATE);
    assert.deepEqual([a.opened, b.delivered], [0, ['lab']]);
    a.isDown = false;
    await until(() => driver.hosts().length === 2);
    assert.deepEqual([a.opened, a.delivered], [1, ['lab']]);
    assert.match(told[0] ?? '', /^The Docker Engine at a is left out: connect ECONNREFUSED/);
  });

  it('wait for none that hangs: not to begin, not to deliver, not for a machine that somebody else can have', async () => {
    const slow = Promise.withResolvers<void>();
    const [a, b] = [new PretendEngine('a', { hold: slow.promise }), new PretendEngine('b')];
    const { driver } = await openAll([a, b], { retryMs: 5 });
    await using _driver = driver;
    await driver.deliver(TEMPLATE);
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [0, 1]);
    slow.resolve();
    await until(() => driver.hosts().length === 2);
    assert.deepEqual([a.opened, a.delivered], [1, ['lab']]);
    a.hold = NEVER;
    const asked = forkOn(driver);
    a.isDown = true;
    await assert.rejects(asked, { code: 'engine-unreachable' });
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [0, 2]);
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
    assert.match((await driver.problem()) ?? '', /^No Docker Engine answers\./);
    const message = `No Docker Engine can be used. a: ${SILENT} b: ${SILENT}`;
    await assert.rejects(forkOn(driver), { code: 'engine-unreachable', message });
    await assert.rejects(driver.deliver(TEMPLATE), { code: 'engine-unreachable', message });
    assert.deepEqual(driver.hosts(), []);
  });

  it('go on with what they have where a template does not fit; it is made known when it fits nowhere', async () => {
    const [a, b] = [new PretendEngine('a'), new PretendEngine('b')];
    const { driver } = await openAll([a, b]);
    await using _driver = driver;
    await driver.deliver(TEMPLATE);
    a.isFull = true;
    const large = { ...TEMPLATE, key: 'large' };
    for (const engine of [a, b]) engine.fakes.template(large.key, { hostname: engine.name, terminals: [] });
    await driver.deliver(large);
    await forkOn(driver, undefined, large);
    await forkOn(driver, undefined, large);
    assert.deepEqual(counts([a, b]), [0, 2]);
    await forkOn(driver);
    assert.deepEqual(counts([a, b]), [1, 2]);
    b.isFull = true;
    await assert.rejects(driver.deliver({ ...TEMPLATE, key: 'larger' }), { code: 'engine-no-space' });
    assert.equal(driver.hosts().length, 2);
  });

  it('adopt a machine from whichever has it, count it there, and end it by its name', async () => {
    const engines = [new PretendEngine('a'), new PretendEngine('b')];
    const machines = await leaveMachines(engines);
    const { driver: next } = await openAll(engines);
    await using _next = next;
    const adopted = await next.adopt(machines[1]!.record);
    assert.equal(adopted?.id, machines[1]!.id);
    assert.equal(await next.adopt({ id: 'nobody' }), undefined);
    await forkOn(next);
    assert.deepEqual(counts(engines), [2, 1]);
    assert.equal(await next.endNamed(`"${machines[1]!.id}"`), 1);
  });

  it('say of no machine that it is over while one of them is out, and end it there once that is back', async () => {
    const [a, b] = [new PretendEngine('a'), new PretendEngine('b')];
    const [onA] = await leaveMachines([a, b]);
    assert.ok(onA);
    a.isDown = true;
    const { driver } = await openAll([a, b], { retryMs: 5 });
    await using _driver = driver;
    await assert.rejects(driver.adopt(onA.record), { code: 'engine-unreachable', message: /^Not every Docker Engine/ });
    assert.equal(await driver.endNamed(`"${onA.id}"`), 0);
    a.isDown = false;
    await until(() => driver.hosts().length === 2);
    assert.deepEqual(counts([a, b]), [0, 1]);
  });

  it('wait a while for one that is about to come back with the machine that is looked for', async () => {
    const [a, b] = [new PretendEngine('a'), new PretendEngine('b')];
    const [onA] = await leaveMachines([a, b]);
    assert.ok(onA);
    a.isDown = true;
    const { driver } = await openAll([a, b], { patienceMs: 60_000 });
    await using _driver = driver;
    a.isDown = false;
    assert.equal((await driver.adopt(onA.record))?.id, onA.id);
  });

  it('make drafts on the first that works, sweep what can be swept, and dispose of one that comes too late', async () => {
    const late = Promise.withResolvers<void>();
    const [a, b, c] = [new PretendEngine('a'), new PretendEngine('b'), new PretendEngine('c', { hold: late.promise })];
    const { driver } = await openAll([a, b, c]);
    await assert.rejects(driver.thaw(TEMPLATE, { folder }), { message: 'nothing to thaw' });
    assert.deepEqual([a.thawed, b.thawed], [['lab'], []]);
    a.isDown = true;
    await driver.sweep();
    await driver[Symbol.asyncDispose]();
    late.resolve();
    await until(() => c.opened === 1);
  });
});

/** One on each, which their server leaves to the next. */
async function leaveMachines(engines: readonly PretendEngine[]): Promise<Machine[]> {
  const { driver } = await openAll(engines);
  const machines: Machine[] = [];
  for (const _engine of engines) machines.push(await forkOn(driver));
  for (const machine of machines) {
    machine.liveUntil(Date.now() + 60_000);
    machine.release();
  }
  await driver[Symbol.asyncDispose]();
  return machines;
}
