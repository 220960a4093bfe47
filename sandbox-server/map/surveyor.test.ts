import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Lab } from '../../labs/format/lab.ts';
import type { RunRequest, RunResult } from '../machines/driver.ts';
import { Metrics } from '../metrics/metrics.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { FirstSurveys } from './first-surveys.ts';
import { SCRIPTS } from './scripts.ts';
import { ALICE_REMOVED, type FactLine, FRESH, PORT_OPEN, told } from './survey-fixture.ts';
import { Surveyor, type SurveyorOptions } from './surveyor.ts';

const [machine] = TEST_LAB.machines;
assert.ok(machine);
const ONE: Lab = { ...TEST_LAB, machines: [machine] };
const TWO: Lab = {
  ...ONE,
  machines: [
    { ...machine, role: 'host', address: '10.0.0.10' },
    { ...machine, role: 'kali', hostname: 'kali', address: '10.0.0.20' },
  ],
};
const NOTHING_THERE: readonly FactLine[] = [
  ['survey', '1', '5000'],
  ['file', '/run/docker.sock'],
  ['end', 'whole'],
];

/** A surveyor of machines that say what a test has them say, with time that runs when the test lets it. */
class Scene {
  readonly surveyor: Surveyor;
  readonly asked: { machine: string; script: keyof typeof SCRIPTS; places: string | undefined }[] = [];
  says = new Map<string, readonly FactLine[]>([
    ['host', FRESH],
    ['kali', NOTHING_THERE],
  ]);
  port = 'plain';
  hasActed = false;
  isHeld = false;
  fails = false;
  changes = 0;

  constructor(lab: Lab = ONE, options: Partial<SurveyorOptions> = {}) {
    this.surveyor = new Surveyor({
      ...{ lab, template: 'template', firstSurveys: new FirstSurveys(), log: QUIET_LOG, metrics: new Metrics() },
      hasActed: () => this.hasActed,
      isHeld: () => this.isHeld,
      onChange: () => {
        this.changes += 1;
      },
      run: async (role, request) => this.#run(role, request),
      ...options,
    });
  }

  get surveys(): number {
    return this.asked.filter(({ script }) => script === 'survey').length;
  }

  get ways(): string[] {
    const { map } = this.surveyor;
    return map?.kind === 'drawn' ? map.hosts.flatMap(({ ways }) => ways.map(({ from, by }) => `${from} ${by}`)) : [];
  }

  type(role = 'host'): void {
    this.hasActed = true;
    this.surveyor.noteActivity(role);
  }

  #run(role: string, { script, env }: RunRequest): RunResult {
    const name = (Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[]).find((one) => SCRIPTS[one] === script);
    assert.ok(name);
    const places = env?.DRYDOCK_PLACES;
    this.asked.push({ machine: role, script: name, places });
    if (this.fails) throw new Error('no machine');
    const answers = places?.split(' ').map((place) => `${place}\t${name === 'probe' ? this.port : 'open'}\n`);
    const stdout = answers?.join('') ?? told(this.says.get(role) ?? []);
    return { status: 0, timedOut: false, stdout, stderr: '', truncated: false };
  }
}

/** Timers and promises, until nothing happens any more within `ms`. */
async function pass(t: { mock: { timers: { tick(ms: number): void } } }, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    t.mock.timers.tick(50);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}

const TIMERS = { apis: ['setTimeout', 'Date'] as const };

describe('Surveyor', () => {
  it('asks nobody while nobody looks', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene());
    scene.type();
    await pass(t, 60_000);
    assert.deepEqual([scene.surveys, scene.surveyor.map], [0, null]);
    scene.surveyor.setWatched(true);
    await pass(t, 60_000);
    assert.ok(scene.surveys > 0, 'it does once somebody looks');
  });

  it('looks once at what nobody has touched, and never again while nothing happens', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene());
    scene.surveyor.setWatched(true);
    await pass(t, 600_000);
    assert.equal(scene.surveys, 1);
    assert.deepEqual(scene.ways, ['user alice group', 'user olga group']);
  });

  it('has the map of an untouched fork from the one that was surveyed, and asks it nothing', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    const firstSurveys = new FirstSurveys();
    using first = disposable(new Scene(ONE, { firstSurveys }));
    using second = disposable(new Scene(ONE, { firstSurveys }));
    using other = disposable(new Scene(ONE, { firstSurveys, template: 'another template' }));
    for (const { surveyor } of [first, second, other]) surveyor.setWatched(true);
    await pass(t, 60_000);
    assert.deepEqual([first.surveys, second.surveys, other.surveys], [1, 0, 1]);
    assert.deepEqual(second.ways, first.ways);
  });

  it('does not take what somebody has touched for everybody’s', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    const firstSurveys = new FirstSurveys();
    using first = disposable(new Scene(ONE, { firstSurveys }));
    using second = disposable(new Scene(ONE, { firstSurveys }));
    first.says.set('host', ALICE_REMOVED);
    first.surveyor.setWatched(true);
    await pass(t, 1_000);
    first.type();
    second.surveyor.setWatched(true);
    await pass(t, 60_000);
    assert.deepEqual(first.ways, ['user alice old-login', 'user olga group']);
    assert.deepEqual(second.ways, ['user alice group', 'user olga group']);
  });

  it('follows what was done, says it once, and looks once more', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene());
    scene.surveyor.setWatched(true);
    await pass(t, 5_000);
    assert.deepEqual([scene.surveys, scene.changes], [1, 1]);
    scene.says.set('host', ALICE_REMOVED);
    scene.type();
    await pass(t, 400);
    assert.deepEqual([scene.ways, scene.surveys, scene.changes], [['user alice old-login', 'user olga group'], 2, 2]);
    await pass(t, 60_000);
    assert.deepEqual([scene.surveys, scene.changes], [3, 2]);
  });

  it('sees what a command set going after its prompt was back', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene());
    scene.surveyor.setWatched(true);
    await pass(t, 5_000);
    // A daemon that has just begun: what it opens comes later.
    const young = FRESH.map((fact) => (fact[0] === 'daemon' ? ['daemon', '300', '0', '18800', '0'] : fact));
    scene.says.set(
      'host',
      young.map((fact) => (fact[0] === 'listens' ? ['listens', '300', '1', 'unix', '/run/docker.sock'] : fact)),
    );
    scene.type();
    await pass(t, 6_000);
    const before = scene.surveys;
    scene.says.set('host', ALICE_REMOVED);
    await pass(t, 60_000);
    assert.ok(scene.surveys > before);
    assert.deepEqual(scene.ways, ['user alice old-login', 'user olga group']);
  });

  it('asks a port once, and the neighbour once, however often it looks', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene(TWO));
    scene.says.set('host', PORT_OPEN);
    scene.surveyor.setWatched(true);
    await pass(t, 5_000);
    for (let round = 0; round < 3; round += 1) {
      scene.type();
      await pass(t, 5_000);
    }
    const questions = scene.asked.filter(({ script }) => script !== 'survey');
    assert.deepEqual(questions, [
      { machine: 'host', script: 'probe', places: '127.0.0.1:2375' },
      { machine: 'kali', script: 'knock', places: '10.0.0.10:2375' },
    ]);
    assert.ok(scene.ways.includes('machine kali network'));
  });

  it('does not take for everybody’s what a port has left unanswered, and asks that again', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    const firstSurveys = new FirstSurveys();
    using first = disposable(new Scene(ONE, { firstSurveys }));
    using second = disposable(new Scene(ONE, { firstSurveys }));
    for (const { says } of [first, second]) says.set('host', PORT_OPEN);
    first.port = 'silent';
    first.surveyor.setWatched(true);
    await pass(t, 3_000);
    second.surveyor.setWatched(true);
    first.port = 'plain';
    await pass(t, 60_000);
    for (const { ways } of [first, second]) assert.ok(ways.includes('user alice everybody'));
    assert.ok(second.surveys > 0);
  });

  it('asks again once the packet filter has changed, or nobody answered', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene(TWO));
    scene.port = 'silent';
    scene.says.set('host', PORT_OPEN);
    scene.surveyor.setWatched(true);
    await pass(t, 5_000);
    const count = (name: string) => scene.asked.filter(({ script }) => script === name).length;
    const before = { probe: count('probe'), knock: count('knock') };
    scene.port = 'plain';
    scene.says.set(
      'host',
      PORT_OPEN.map((fact) => (fact[0] === 'firewall' ? ['firewall', '0000000b'] : fact)),
    );
    scene.type();
    await pass(t, 5_000);
    assert.deepEqual([count('probe') - before.probe, count('knock') - before.knock], [1, 1]);
    assert.ok(scene.ways.includes('machine kali network'));
  });

  it('leaves a machine without a daemon alone unless something happened there', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene(TWO));
    scene.surveyor.setWatched(true);
    await pass(t, 5_000);
    const asked = () => scene.asked.filter((one) => one.machine === 'kali').length;
    assert.equal(asked(), 1);
    scene.type('host');
    await pass(t, 5_000);
    assert.equal(asked(), 1);
    scene.type('kali');
    await pass(t, 5_000);
    assert.equal(asked(), 2);
    const { map } = scene.surveyor;
    assert.deepEqual(map?.kind === 'drawn' && map.hosts.map((host) => host.machine), ['host']);
  });

  it('waits while a verdict is at work', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene());
    scene.surveyor.setWatched(true);
    await pass(t, 5_000);
    scene.isHeld = true;
    scene.type();
    await pass(t, 20_000);
    assert.equal(scene.surveys, 1);
    scene.isHeld = false;
    await pass(t, 20_000);
    assert.equal(scene.surveys, 3);
  });

  it('keeps what it saw last when a machine says nothing', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene());
    scene.surveyor.setWatched(true);
    await pass(t, 5_000);
    scene.fails = true;
    scene.type();
    await pass(t, 60_000);
    assert.deepEqual([scene.ways, scene.changes], [['user alice group', 'user olga group'], 1]);
  });

  it('tries again, and not for ever, when the first look comes to nothing', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    using scene = disposable(new Scene());
    scene.fails = true;
    scene.surveyor.setWatched(true);
    await pass(t, 10_000);
    assert.equal(scene.surveyor.map, null);
    scene.fails = false;
    await pass(t, 30_000);
    assert.deepEqual(scene.ways, ['user alice group', 'user olga group']);
    using silent = disposable(new Scene());
    silent.fails = true;
    silent.surveyor.setWatched(true);
    await pass(t, 120_000);
    const before = silent.surveys;
    await pass(t, 600_000);
    assert.deepEqual([silent.surveys, silent.surveyor.map], [before, null]);
  });

  it('asks nothing once it is over', async (t) => {
    t.mock.timers.enable({ apis: [...TIMERS.apis] });
    const scene = new Scene();
    scene.surveyor.setWatched(true);
    scene.type();
    scene.surveyor[Symbol.dispose]();
    await pass(t, 60_000);
    assert.equal(scene.surveys, 0);
  });
});

function disposable(scene: Scene): Scene & Disposable {
  return Object.assign(scene, { [Symbol.dispose]: () => scene.surveyor[Symbol.dispose]() });
}
